/** Who one is. */
import { z } from 'zod';
import { permits, roles } from '../roles';
import { ok, route } from '../route';

export const meRoute = route({
  id: 'me',
  method: 'get',
  path: '/me',
  role: 'viewer',
  tag: 'access',
  summary: 'Who the caller is and what they may do',
  answer: {
    status: 200,
    description: 'The caller',
    schema: z
      .looseObject({
        actor: z.string(),
        role: z.enum(roles),
        roles: z.array(z.enum(roles)).describe('Every role whose rights the caller has'),
      })
      .meta({ id: 'Me' }),
  },
  handle: async ({ caller }) => ok({ ...caller, roles: roles.filter((role) => permits(caller.role, role)) }),
});
