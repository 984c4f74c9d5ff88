/** `reroute users`: people and what they may do, straight in the ledger; a running runtime takes a change up at once. */
import { userInfo } from 'node:os';
import { Command, Option } from 'commander';
import { v7 as uuidv7 } from 'uuid';
import { Passwords } from '../../gateway/access/passwords';
import { addUser, changeUser, setPassword, type UserDeps, userSummary } from '../../gateway/access/users';
import { type Role, roles } from '../../gateway/roles';
import { userName } from '../../gateway/schemas/access';
import type { UserRecord } from '../../ledger/access';
import { openLedger } from '../../ledger/open';
import { FatalError } from '../../model/errors';
import { type Scope, scope } from '../../model/scope';
import { readEnvironment } from '../../runtime/environment';
import { readSecret } from '../secret';

interface Limits {
  region?: string[];
  partner?: string[];
}

/** Who is at the keyboard, as the audit names them. */
const by = (reason: string) => ({ actor: `cli:${userInfo().username}`, reason });

async function withUsers<T>(work: (deps: UserDeps) => Promise<T>): Promise<T> {
  const ledger = await openLedger(readEnvironment(process.env).databaseUrl);
  try {
    return await work({ ledger, passwords: new Passwords(), now: Date.now, newId: uuidv7 });
  } finally {
    await ledger.close();
  }
}

async function find(deps: UserDeps, name: string): Promise<UserRecord> {
  const user = await deps.ledger.userByName(name);
  if (!user)
    throw new FatalError('NO_SUCH_USER', `there is no user ${name}`, { hint: 'See `reroute users list`.' });
  return user;
}

/** @throws FatalError USER_NAME, SCOPE */
function scopeOf({ region, partner }: Limits): Scope | undefined {
  if (!region && !partner) return undefined;
  const parsed = scope.safeParse({
    ...(region && { regions: region }),
    ...(partner && { partners: partner }),
  });
  if (!parsed.success)
    throw new FatalError(
      'SCOPE',
      parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '),
    );
  return parsed.data;
}

const show = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);
const roleOption = (): Option => new Option('--role <role>', 'what they may do').choices([...roles]);
const why = (fallback: string): [string, string, string] => [
  '--reason <text>',
  'why, for the audit trail',
  fallback,
];

function add(): Command {
  return new Command('add')
    .description('add a user; the password is asked for, or read from the first line of the input')
    .argument('<name>', 'user name')
    .addOption(roleOption().makeOptionMandatory())
    .option('--display-name <text>')
    .option('--region <region...>', 'limit to regions (ISO 3166)')
    .option('--partner <id...>', 'limit to partners')
    .option(...why('added at the command line'))
    .action(async (name: string, options: Limits & { role: Role; displayName?: string; reason: string }) => {
      const parsed = userName.safeParse(name);
      if (!parsed.success) throw new FatalError('USER_NAME', `${name}: ${parsed.error.issues[0]?.message}`);
      const limits = scopeOf(options);
      const password = await readSecret(`Password of ${parsed.data}: `);
      const { displayName, role, reason } = options;
      const request = { name: parsed.data, displayName, role, scope: limits, password };
      show(userSummary(await withUsers((deps) => addUser(deps, request, by(reason)))));
    });
}

function list(): Command {
  return new Command('list')
    .description('users by name')
    .option('--json', 'one user a line as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      await withUsers(async ({ ledger }) => {
        for (let cursor: string | null | undefined; cursor !== null; ) {
          const page: Awaited<ReturnType<typeof ledger.users>> = await ledger.users({
            limit: 200,
            ...(cursor === undefined ? {} : { cursor }),
          });
          for (const user of page.items)
            json ? show(userSummary(user)) : process.stdout.write(`${lineOf(user)}\n`);
          cursor = page.nextCursor;
        }
      });
    });
}

function lineOf({ name, role, state, scope: limits }: UserRecord): string {
  const only = [...(limits?.regions ?? []), ...(limits?.partners ?? [])].join(',');
  return [name, role, state, ...(only === '' ? [] : [only])].join('\t');
}

function disable(): Command {
  return new Command('disable')
    .description('refuse a user from now on and end the sessions; --undo lets them in again')
    .argument('<name>', 'user name')
    .option('--undo')
    .requiredOption('--reason <text>', 'why, for the audit trail')
    .action(async (name: string, { undo, reason }: { undo?: boolean; reason: string }) => {
      const state = undo ? 'active' : 'disabled';
      show(
        userSummary(
          await withUsers(async (deps) => changeUser(deps, await find(deps, name), { state }, by(reason))),
        ),
      );
    });
}

function passwd(): Command {
  return new Command('passwd')
    .description('set a password and end the sessions')
    .argument('<name>', 'user name')
    .option(...why('set at the command line'))
    .action(async (name: string, { reason }: { reason: string }) => {
      const password = await readSecret(`New password of ${name}: `);
      show(
        userSummary(
          await withUsers(async (deps) => setPassword(deps, await find(deps, name), password, by(reason))),
        ),
      );
    });
}

function changeRoles(): Command {
  return new Command('roles')
    .description('change role and limits and end the sessions')
    .argument('<name>', 'user name')
    .addOption(roleOption())
    .option('--region <region...>', 'limit to regions')
    .option('--partner <id...>', 'limit to partners')
    .option('--unlimited', 'take every limit away')
    .requiredOption('--reason <text>', 'why, for the audit trail')
    .action(async (name: string, options: Limits & { role?: Role; unlimited?: boolean; reason: string }) => {
      const change = { role: options.role, scope: options.unlimited ? null : scopeOf(options) };
      show(
        userSummary(
          await withUsers(async (deps) =>
            changeUser(deps, await find(deps, name), change, by(options.reason)),
          ),
        ),
      );
    });
}

export function usersCommand(): Command {
  const users = new Command('users').description('people and what they may do');
  for (const command of [add(), list(), disable(), passwd(), changeRoles()])
    users.addCommand(command.exitOverride());
  return users;
}
