/** A postal address as the carriers' operations take it. */
import { z } from 'zod';

export const postalAddress = z.object({
  name: z.string().min(1).max(100).optional(),
  company: z.string().max(100).optional(),
  lines: z.array(z.string().min(1).max(100)).min(1).max(3).describe('Street lines'),
  city: z.string().min(1).max(60),
  region: z.string().max(10).optional().describe('State or province code'),
  postalCode: z.string().max(20).optional(),
  country: z.string().length(2).describe('ISO 3166-1 alpha-2'),
  phone: z.string().max(30).optional(),
  email: z.email().optional(),
});
export type PostalAddress = z.infer<typeof postalAddress>;

/** What an address check answers, whichever carrier made it. */
export const addressAnswer = z.object({
  valid: z.boolean(),
  /** As the carrier would write it; absent when it corrects nothing. */
  corrected: postalAddress.optional(),
});
export type AddressAnswer = z.infer<typeof addressAnswer>;
