/** The console's words: every key in both languages, none missing in the code, none left over. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { caseActions, caseStateNames } from '../../lib/model/case';
import { caseTable } from '../../lib/model/case-table';
import { effectStates } from '../../lib/model/effect';
import { milestones } from '../../lib/model/fact';
import { exceptionCodes, severities } from '../../lib/model/taxonomy';
import { root } from '../support';

const folder = join(root, 'console', 'src');
const words = (language: string) =>
  JSON.parse(readFileSync(join(folder, 'i18n', `${language}.json`), 'utf8')) as Record<string, string>;
const en = words('en');
const de = words('de');
const placeholders = (text: string): string[] =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? '').sort();
const source = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name))
  .map((name) => readFileSync(join(folder, name), 'utf8'))
  .join('\n');

describe("The console's words", () => {
  it('are the same keys in English and German, with the same values to fill in', () => {
    assert.deepEqual(Object.keys(de), Object.keys(en));
    for (const [key, text] of Object.entries(en)) {
      assert.deepEqual(placeholders(de[key] ?? ''), placeholders(text), key);
      assert.ok(text.trim() !== '' && de[key]?.trim() !== '', key);
    }
  });

  it('has every key that the code asks for', () => {
    const asked = [...source.matchAll(/\bt\(\s*'([^']+)'/g)].map((match) => match[1] ?? '');
    assert.ok(asked.length > 200);
    assert.deepEqual(
      asked.filter((key) => !(key in en)),
      [],
    );
  });

  it('has no key that nothing asks for', () => {
    const prefixes = [
      ...[...source.matchAll(/`([a-zA-Z.]+\.)\$\{/g)].map((match) => match[1] ?? ''),
      ...[...source.matchAll(/say\(\s*'(\w+)'/g)].map((match) => `${match[1]}.`),
      // Facets say their values by the field that they belong to.
      ...['state.', 'code.', 'severity.'],
    ];
    const left = Object.keys(en).filter(
      (key) =>
        !source.includes(`'${key}'`) &&
        !source.includes(`"${key}"`) &&
        !prefixes.some((prefix) => key.startsWith(prefix)),
    );
    assert.deepEqual(left, []);
  });

  it('say every state, code, action and event that there is', () => {
    const wanted = [
      ...caseStateNames.map((name) => `state.${name}`),
      ...exceptionCodes.flatMap((code) => [`code.${code}`, `what.${code}`]),
      ...severities.map((severity) => `severity.${severity}`),
      ...caseActions.flatMap((action) => [`action.${action}`, `action.${action}.consequence`]),
      ...Object.keys(caseTable).map((event) => `event.${event}`),
      ...effectStates.map((state) => `effect.${state}`),
      ...milestones.map((milestone) => `milestone.${milestone}`),
    ];
    assert.deepEqual(
      wanted.filter((key) => !(key in en)),
      [],
    );
  });
});
