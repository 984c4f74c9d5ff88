/** Operations of EDI partners, whatever the syntax. */
import { z } from 'zod';
import { contract } from './contract';

/** An acknowledgement (`NormalizeResult.acknowledgements`) or any document that is ready: it is put onto the wire as it is. */
export const sendInterchange = contract({
  id: 'sendInterchange',
  kind: 'edi',
  input: z.object({
    content: z
      .string()
      .min(1)
      .max(10_000_000)
      .describe("The interchange, e.g. an acknowledgement's body; control numbers and counts are checked"),
    fileName: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,119}$/)
      .optional()
      .describe('Single name, for partners with a folder; made of the control number when empty'),
  }),
  output: z.object({
    controlNumber: z.string().describe('Of the interchange'),
    delivered: z.enum(['HTTP', 'FILE']),
    fileName: z.string().optional(),
  }),
  example: { content: 'ISA*00*...', fileName: '997-000000001.edi' },
});

export const ediContracts = [sendInterchange];
