/** Shapes of people, sessions and tokens. */
import { z } from 'zod';
import { scope } from '../../model/scope';
import { passwordLimits } from '../access/passwords';
import { roles } from '../roles';
import { instant } from './common';

export const userName = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,99}$/, 'letters, digits, dots, hyphens and @')
  .describe('Unique whatever its case; an e-mail address will do');

export const newPassword = z
  .string()
  .min(passwordLimits.least)
  .max(passwordLimits.most)
  .describe(`${passwordLimits.least} to ${passwordLimits.most} characters, nothing that is guessed first`);

export const userView = z
  .looseObject({
    id: z.string(),
    name: z.string(),
    displayName: z.string().optional(),
    role: z.enum(roles),
    scope: scope.optional(),
    state: z.enum(['active', 'disabled']),
    external: z.looseObject({ issuer: z.string(), subject: z.string() }).optional(),
    hasPassword: z.boolean(),
    createdAt: instant,
    updatedAt: instant,
    lastSignInAt: instant.optional(),
    version: z.int(),
  })
  .meta({ id: 'User' });

export const sessionView = z
  .looseObject({
    id: z.string(),
    userId: z.string(),
    createdAt: instant,
    seenAt: instant,
    expiresAt: instant,
    address: z.string(),
    agent: z.string(),
    current: z.boolean().describe('The one that asks'),
  })
  .meta({ id: 'Session' });

export const tokenView = z
  .looseObject({
    id: z.string(),
    name: z.string(),
    role: z.enum(roles),
    scope: scope.nullable(),
    createdAt: instant,
    expiresAt: instant.optional(),
    createdBy: z.string().optional(),
  })
  .meta({ id: 'Token' });

export const meView = z
  .looseObject({
    actor: z.string(),
    role: z.enum(roles),
    roles: z.array(z.enum(roles)).describe('Every role whose rights the caller has'),
    scope: scope.nullable(),
    user: userView.nullable().describe('null for a token'),
    session: z.looseObject({ id: z.string(), createdAt: instant, expiresAt: instant }).nullable(),
    csrfToken: z.string().nullable().describe('For the header `x-csrf-token` of every write under a session'),
  })
  .meta({ id: 'Me' });
