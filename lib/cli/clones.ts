/** What the commands for templates and clones share: on the files of a checkout, or with --target in a running runtime. */
import { userInfo } from 'node:os';
import { type Command, InvalidArgumentError } from 'commander';
import { type ClonesApi, cloneName, clonesApi } from '../flowfiles/clones/api';
import { type CloneStatus, Clones, type UpgradeRequest } from '../flowfiles/clones/clones';
import { fileTarget } from '../flowfiles/clones/files';
import type { CloneRecord } from '../flowfiles/clones/record';
import type { Upgrade } from '../flowfiles/clones/upgrade';
import type { TemplateList } from '../flowfiles/clones/view';
import type { Side } from '../flowfiles/merge/conflicts';
import { parameterFromText } from '../flowfiles/templates/parameters';
import type { TemplateParameter } from '../flowfiles/templates/template';
import { runCloneTests } from '../runtime/clone-tests';
import { call, defaultToken } from './client';

export interface CloneOptions {
  flows: string;
  author: string;
  target?: string;
  token?: string;
}

export function cloneOptions(command: Command, { remote = true } = {}): Command {
  command
    .option('--flows <folder>', 'the flow files', process.env.REROUTE_FLOWS_DIR ?? 'flows')
    .option('--author <name>', 'who does it', userInfo().username);
  return remote
    ? command
        .option('--target <url>', 'do it in this running runtime instead of in the files')
        .option('--token <token>', 'API token for --target; REROUTE_ADMIN_TOKEN when absent', defaultToken())
    : command;
}

export const localClones = (flowsDir: string): Clones =>
  new Clones({ flowsDir, target: fileTarget(flowsDir), now: Date.now, runTests: runCloneTests });

export function clonesOf({ flows, target, token }: CloneOptions): ClonesApi {
  if (target !== undefined) return remoteClones(target, token);
  return clonesApi(localClones(flows));
}

/** The gateway answers with the same shapes: both come from the same service. */
function remoteClones(target: string, token: string | undefined): ClonesApi {
  const ask = (method: string, path: string, body?: unknown): Promise<unknown> =>
    call({ target, ...(token !== undefined && { token }) }, method, path, body);
  const upgrade = (request: UpgradeRequest, dryRun: boolean) =>
    ask('POST', `/clones/${cloneName(request)}/upgrade`, {
      dryRun,
      ...(request.to !== undefined && { to: request.to }),
      ...(request.parameters && { parameters: request.parameters }),
      ...(request.choices && { take: Object.fromEntries(request.choices) }),
    }) as Promise<Upgrade>;
  return {
    async list() {
      const { items, regions } = (await ask('GET', '/templates')) as {
        items: TemplateList['templates'];
        regions: TemplateList['regions'];
      };
      return { templates: items, regions };
    },
    clone: ({ template, region, version, parameters }) =>
      ask('POST', `/templates/${template}/clone`, {
        region,
        parameters,
        ...(version !== undefined && { version }),
      }) as Promise<CloneRecord>,
    status: async () => ((await ask('GET', '/clones')) as { items: CloneStatus[] }).items,
    preview: (request) => upgrade(request, true),
    upgrade: (request) => upgrade(request, false),
  };
}

/** One `NAME=value` of --set. */
export function setting(word: string, before: [string, string][] = []): [string, string][] {
  const at = word.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('give NAME=value.');
  return [...before, [word.slice(0, at), word.slice(at + 1)]];
}

/** What --set gave, as the template's parameters read it. */
export function valuesOf(
  settings: readonly [string, string][] | undefined,
  parameters: readonly TemplateParameter[] = [],
): Record<string, unknown> {
  return Object.fromEntries(
    (settings ?? []).map(([name, text]) => [
      name,
      parameterFromText(
        parameters.find((one) => one.name === name),
        text,
      ),
    ]),
  );
}

/** The words of --take come in pairs: a side, then NODE.PROPERTY. */
export class Choices {
  readonly byKey = new Map<string, Side>();
  private side: Side | undefined;

  /** @throws InvalidArgumentError */
  static read(word: string, before = new Choices()): Choices {
    if (before.side !== undefined) {
      before.byKey.set(word, before.side);
      before.side = undefined;
    } else if (word === 'ours' || word === 'theirs') before.side = word;
    else throw new InvalidArgumentError('give a side and a place, as in --take theirs NODE.PROPERTY.');
    return before;
  }
}
