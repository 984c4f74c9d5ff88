/** The page of the flow library, written from the templates themselves. Pure. */
import { z } from 'zod';
import { policyTable } from '../../model/policy-table';
import { exceptionCodes, exceptionKinds } from '../../model/taxonomy';
import type { FlowNode } from '../format';
import { rolePrefix, rolesOf, type Template } from './template';

const command = 'node scripts/generate-library-docs.mjs';

/** @param subflows nodes of the shared subflows: partners that a template reaches through them are its partners, too */
export function libraryPage(templates: readonly Template[], subflows: readonly FlowNode[]): string {
  const sorted = [...templates].sort((a, b) => a.manifest.id.localeCompare(b.manifest.id));
  return [
    '# The flow library',
    '',
    `<!-- Made by ${command} from flows/library. Never edited. -->`,
    '',
    'Every exception code has one template that takes it. The starter runs each of them for everybody (`flows/global`) and for two regions (`flows/regions`) with other carriers,',
    'thresholds and calendars; `reroute templates clone` makes more. The description of a tab says what it does row by row and what an analyst may change; the test beside it',
    'says what becomes of a case ([flow-tests.md](flow-tests.md)).',
    '',
    '## By code',
    '',
    ...table(
      ['code', 'severity', 'template', 'what it does'],
      exceptionCodes.map((code) => {
        const taken = sorted.filter(({ manifest }) => manifest.codes.includes(code));
        return [
          `\`${code}\``,
          exceptionKinds[code].severity,
          taken.map(({ manifest }) => `\`${manifest.id}\``).join(', '),
          taken.map(({ manifest }) => manifest.summary).join(' '),
        ];
      }),
    ),
    '## By template',
    '',
    ...table(
      ['template', 'version', 'partners', 'policy: outcomes', 'settings'],
      sorted.map((template) => [
        `\`${template.manifest.id}\``,
        template.manifest.version,
        partnersOf(template, subflows).join(', '),
        decisionsOf(template).join('; '),
        template.manifest.parameters.map(({ name }) => `\`${name}\``).join(', '),
      ]),
    ),
  ].join('\n');
}

function partnersOf({ nodes }: Template, subflows: readonly FlowNode[]): string[] {
  const used = new Set(nodes.flatMap(({ type }) => (type.startsWith('subflow:') ? [type.slice(8)] : [])));
  const inside = subflows.filter(({ z: home }) => typeof home === 'string' && used.has(home));
  return [...rolesOf([...nodes, ...inside]).keys()].map((role) => role.replace(rolePrefix, '')).sort();
}

const policyNode = z.looseObject({ type: z.literal('reroute-policy'), table: policyTable });
const decisionNode = z.looseObject({
  type: z.literal('reroute-decision'),
  decision: z.string(),
  choices: z.array(z.looseObject({ id: z.string() })),
});

/** Tables with their outcomes; where no table decides, what a person may choose. */
function decisionsOf({ nodes }: Template): string[] {
  const tables = nodes.flatMap((node) => policyNode.safeParse(node).data ?? []);
  if (tables.length > 0)
    return tables.map(({ table: { name, version, rows } }) => {
      const outcomes = [...new Set(rows.map(({ then }) => String(then.outcome)))];
      return `\`${name}\` ${version}: ${outcomes.join(', ')}`;
    });
  return nodes
    .flatMap((node) => decisionNode.safeParse(node).data ?? [])
    .map(({ decision, choices }) => `a person, \`${decision}\`: ${choices.map(({ id }) => id).join(', ')}`);
}

function table(head: string[], rows: string[][]): string[] {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line), ''];
}
