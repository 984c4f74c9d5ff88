/** What an ERP does to a sales order as a whole: blocks of delivery and billing, notes, evidence. */
import { z } from 'zod';
import { contract } from './contract';

const order = z.string().min(1).max(60).describe('Sales order number in the ERP');
const blocked = z.object({
  document: z.string(),
  blocked: z.boolean(),
  reason: z.string().describe('Empty when not blocked'),
});

const setBlockInput = z.object({
  document: z.string().min(1).max(60).describe('Sales order number in the ERP'),
  reason: z.string().min(1).max(60).describe('Reason as the ERP codes it'),
  replace: z.boolean().default(false).describe('Put our reason where another one stands'),
});
const releaseBlockInput = z.object({
  document: z.string().min(1).max(60).describe('Sales order number in the ERP'),
  reason: z.string().max(60).optional().describe('Release only a block with this reason'),
});
const setExample = { document: '4711', reason: '01', replace: false };
const releaseExample = { document: '4711', reason: '01' };

export const setDeliveryBlock = contract({
  id: 'setDeliveryBlock',
  kind: 'erp',
  input: setBlockInput,
  output: blocked,
  example: setExample,
});
export const releaseDeliveryBlock = contract({
  id: 'releaseDeliveryBlock',
  kind: 'erp',
  input: releaseBlockInput,
  output: blocked,
  example: releaseExample,
});
export const setBillingBlock = contract({
  id: 'setBillingBlock',
  kind: 'erp',
  input: setBlockInput,
  output: blocked,
  example: setExample,
});
export const releaseBillingBlock = contract({
  id: 'releaseBillingBlock',
  kind: 'erp',
  input: releaseBlockInput,
  output: blocked,
  example: releaseExample,
});

export const postNote = contract({
  id: 'postNote',
  kind: 'erp',
  input: z.object({ order, text: z.string().min(1).max(4000) }),
  output: z.object({ order: z.string(), mark: z.string().describe('By which the note is found again') }),
  example: { order: '4711', text: 'Carrier rebooked, new ETA 9 March.' },
});

export const attachEvidence = contract({
  id: 'attachEvidence',
  kind: 'erp',
  input: z.object({
    order,
    fileName: z.string().min(1).max(200),
    mediaType: z.string().min(3).max(100),
    data: z.string().min(1).describe('Base64'),
  }),
  output: z.object({ order: z.string(), attachmentId: z.string() }),
  example: { order: '4711', fileName: 'pod.pdf', mediaType: 'application/pdf', data: 'JVBERi0=' },
});

export const erpDocumentContracts = [
  setDeliveryBlock,
  releaseDeliveryBlock,
  setBillingBlock,
  releaseBillingBlock,
  postNote,
  attachEvidence,
];
