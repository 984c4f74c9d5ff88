/**
 * What changed between two JSON Schemas (2020-12, the subset that zod writes), and whether it breaks anybody. An `input` schema says what we
 * accept: it may become wider. An `output` schema says what we give: it may become narrower. By our version rules closed lists
 * (enum, const, oneOf, anyOf) and optional properties may grow in a minor version on both sides, and nothing may leave them.
 */

export type Json = boolean | number | string | null | Json[] | { [key: string]: Json };
export type Schema = { [key: string]: Json };
export type Direction = 'input' | 'output';

export interface SchemaChange {
  kind: 'breaking' | 'minor';
  /** JSON Pointer into the data, with `*` for array items. */
  path: string;
  message: string;
}

/** Every change of meaning between two schemas; descriptions and titles are none. */
export function compareSchemas(before: Schema, after: Schema, direction: Direction): SchemaChange[] {
  const changes: SchemaChange[] = [];
  compareAt(
    { before: resolver(before), after: resolver(after), direction, changes, seen: new Set() },
    before,
    after,
    '',
  );
  return changes;
}

/** The smallest step of the version that the changes allow. */
export function neededBump(changes: readonly SchemaChange[]): 'none' | 'minor' | 'major' {
  if (changes.some(({ kind }) => kind === 'breaking')) return 'major';
  return changes.length > 0 ? 'minor' : 'none';
}

interface Walk {
  before: (schema: Schema) => Schema;
  after: (schema: Schema) => Schema;
  direction: Direction;
  changes: SchemaChange[];
  /** Pairs of references under way, so that recursive schemas end. */
  seen: Set<string>;
}

const isSchema = (value: Json | undefined): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const asSchema = (value: Json | undefined): Schema => (isSchema(value) ? value : {});
const asList = (value: Json | undefined): Json[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];
const text = (value: Json | undefined): string => JSON.stringify(value) ?? 'nothing';

/** Follows `#/...` references. */
function resolver(root: Schema): (schema: Schema) => Schema {
  return (schema) => {
    let current = schema;
    for (let depth = 0; typeof current.$ref === 'string' && depth < 50; depth += 1) {
      let target: Json = root;
      for (const part of current.$ref.replace(/^#\/?/, '').split('/').filter(Boolean)) {
        target = asSchema(target)[part.replaceAll('~1', '/').replaceAll('~0', '~')] ?? {};
      }
      current = asSchema(target);
    }
    return current;
  };
}

/** `wider`: more values fit than before; `narrower`: fewer; `grown`: a list that may grow by our rules has grown. */
function report(
  { direction, changes }: Walk,
  effect: 'wider' | 'narrower' | 'grown' | 'broken',
  path: string,
  message: string,
): void {
  const breaking =
    effect === 'broken' ||
    (effect === 'narrower' && direction === 'input') ||
    (effect === 'wider' && direction === 'output');
  changes.push({ kind: breaking ? 'breaking' : 'minor', path: path || '/', message });
}

function compareAt(walk: Walk, rawBefore: Schema, rawAfter: Schema, path: string): void {
  if (typeof rawBefore.$ref === 'string' && typeof rawAfter.$ref === 'string') {
    const pair = `${rawBefore.$ref} ${rawAfter.$ref}`;
    if (walk.seen.has(pair)) return;
    walk.seen.add(pair);
  }
  const before = walk.before(rawBefore);
  const after = walk.after(rawAfter);
  compareTypes(walk, before, after, path);
  compareValues(walk, before, after, path);
  compareBounds(walk, before, after, path);
  compareProperties(walk, before, after, path);
  compareItems(walk, before, after, path);
  for (const word of ['oneOf', 'anyOf', 'allOf'] as const) compareVariants(walk, word, before, after, path);
  for (const word of opaqueWords) {
    if (text(before[word]) !== text(after[word]))
      report(walk, 'broken', path, `${word} changed from ${text(before[word])} to ${text(after[word])}`);
  }
}

/** Words whose change we cannot weigh: any change counts as breaking. */
const opaqueWords = [
  'pattern',
  'format',
  'multipleOf',
  'uniqueItems',
  'not',
  'if',
  'then',
  'else',
  'propertyNames',
  'patternProperties',
  'contentEncoding',
  'dependentRequired',
];

function compareTypes(walk: Walk, before: Schema, after: Schema, path: string) {
  const [had, has] = [before, after].map(({ type }) => asList(type).map(String)) as [string[], string[]];
  if (had.length === 0 && has.length === 0) return;
  if (had.length === 0) return report(walk, 'narrower', path, `only ${has.join(' or ')} is left`);
  if (has.length === 0)
    return report(walk, 'wider', path, `any type is allowed, not only ${had.join(' or ')}`);
  const covers = (types: string[], type: string): boolean =>
    types.includes(type) || (type === 'integer' && types.includes('number'));
  for (const type of had) if (!covers(has, type)) report(walk, 'narrower', path, `the type ${type} is gone`);
  for (const type of has) if (!covers(had, type)) report(walk, 'wider', path, `the type ${type} is new`);
}

function closedList(schema: Schema): string[] | undefined {
  if (schema.const !== undefined) return [text(schema.const)];
  return Array.isArray(schema.enum) ? schema.enum.map(text) : undefined;
}

/** A const is a list of one. */
function compareValues(walk: Walk, before: Schema, after: Schema, path: string) {
  const had = closedList(before);
  const has = closedList(after);
  if (!had && !has) return;
  if (!had) return report(walk, 'narrower', path, `only ${has?.join(', ')} is left`);
  if (!has) return report(walk, 'wider', path, 'the list of values is open now');
  for (const value of had)
    if (!has.includes(value)) report(walk, 'broken', path, `the value ${value} is gone`);
  for (const value of has) if (!had.includes(value)) report(walk, 'grown', path, `the value ${value} is new`);
}

/** Word, and whether a larger number lets fewer values through. */
const bounds: readonly (readonly [string, boolean])[] = [
  ['minimum', true],
  ['exclusiveMinimum', true],
  ['minLength', true],
  ['minItems', true],
  ['minProperties', true],
  ['maximum', false],
  ['exclusiveMaximum', false],
  ['maxLength', false],
  ['maxItems', false],
  ['maxProperties', false],
];

function compareBounds(walk: Walk, before: Schema, after: Schema, path: string): void {
  for (const [word, lower] of bounds) {
    const none = lower ? -Infinity : Infinity;
    const [was, is] = [before[word], after[word]].map((value) =>
      typeof value === 'number' ? value : none,
    ) as [number, number];
    if (was !== is)
      report(
        walk,
        is > was === lower ? 'narrower' : 'wider',
        path,
        `${word} changed from ${text(before[word])} to ${text(after[word])}`,
      );
  }
}

function compareProperties(walk: Walk, before: Schema, after: Schema, path: string): void {
  const [had, has] = [asSchema(before.properties), asSchema(after.properties)];
  const [needed, needs] = [asList(before.required), asList(after.required)];
  for (const [name, schema] of Object.entries(had)) {
    const now = has[name];
    if (now === undefined) report(walk, 'broken', `${path}/${name}`, 'the property is gone');
    else compareAt(walk, asSchema(schema), asSchema(now), `${path}/${name}`);
  }
  for (const name of Object.keys(has)) {
    if (had[name] === undefined)
      report(
        walk,
        needs.includes(name) ? 'narrower' : 'grown',
        `${path}/${name}`,
        `the ${needs.includes(name) ? 'required' : 'optional'} property is new`,
      );
  }
  for (const name of needed)
    if (has[String(name)] !== undefined && !needs.includes(name))
      report(walk, 'wider', `${path}/${name}`, 'the property is optional now');
  for (const name of needs)
    if (had[String(name)] !== undefined && !needed.includes(name))
      report(walk, 'narrower', `${path}/${name}`, 'the property is required now');
  compareAdditional(walk, before.additionalProperties, after.additionalProperties, path);
}

/** `false` is closed, everything else more or less open. */
function compareAdditional(walk: Walk, before: Json | undefined, after: Json | undefined, path: string) {
  if (isSchema(before) && isSchema(after)) return compareAt(walk, before, after, `${path}/*`);
  if (text(before ?? true) === text(after ?? true)) return;
  if (before === false) return report(walk, 'wider', path, 'other properties are allowed now');
  if (after === false || isSchema(after))
    return report(walk, 'narrower', path, 'other properties are restricted now');
  report(walk, 'wider', path, 'other properties may be anything now');
}

function compareItems(walk: Walk, before: Schema, after: Schema, path: string) {
  const [had, has] = [asList(before.prefixItems), asList(after.prefixItems)];
  if (had.length !== has.length) report(walk, 'broken', path, 'the tuple has another length');
  else
    for (const [index, schema] of had.entries())
      compareAt(walk, asSchema(schema), asSchema(has[index]), `${path}/${index}`);
  if (before.items === false || after.items === false)
    return compareAdditional(walk, before.items, after.items, `${path}/*`);
  if (isSchema(before.items) || isSchema(after.items))
    compareAt(walk, asSchema(before.items), asSchema(after.items), `${path}/*`);
}

/** Variants are told apart by their const properties, else by their place. */
function compareVariants(
  walk: Walk,
  word: 'oneOf' | 'anyOf' | 'allOf',
  before: Schema,
  after: Schema,
  path: string,
) {
  if (before[word] === undefined && after[word] === undefined) return;
  if (before[word] === undefined || after[word] === undefined)
    return report(walk, 'broken', path, `${word} ${after[word] === undefined ? 'is gone' : 'is new'}`);
  const named = (schema: Schema, resolve: Walk['before']): Map<string, Schema> =>
    new Map(
      asList(schema[word]).map((item, index) => [
        variantName(resolve(asSchema(item)), index),
        asSchema(item),
      ]),
    );
  const [had, has] = [named(before, walk.before), named(after, walk.after)];
  for (const [name, schema] of had) {
    const now = has.get(name);
    if (now) compareAt(walk, schema, now, `${path}<${name}>`);
    else report(walk, word === 'allOf' ? 'wider' : 'broken', `${path}<${name}>`, 'the variant is gone');
  }
  for (const name of has.keys())
    if (!had.has(name))
      report(walk, word === 'allOf' ? 'narrower' : 'grown', `${path}<${name}>`, 'the variant is new');
}

function variantName(schema: Schema, index: number): string {
  const tags = Object.entries(asSchema(schema.properties)).flatMap(([name, value]) =>
    asSchema(value).const === undefined ? [] : [`${name}=${text(asSchema(value).const)}`],
  );
  return tags.length > 0 ? tags.join() : `${index}`;
}
