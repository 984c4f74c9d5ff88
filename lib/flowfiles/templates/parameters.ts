/** Parameters of a template: their zod schema, which forms and the API read, their values for a region, and the tab's settings. */
import { z } from 'zod';
import { FatalError } from '../../model/errors';
import type { Variable } from '../merge/properties';
import type { Region } from './region';
import type { TemplateParameter } from './template';

export type ParameterValue = z.infer<ReturnType<typeof z.json>>;
export type ParameterValues = Record<string, ParameterValue>;

/** Every value that may be given when a template is cloned; what is left out comes from the region or the template. */
export function parameterSchema(parameters: readonly TemplateParameter[]): z.ZodObject {
  return z.strictObject(
    Object.fromEntries(
      parameters.map((parameter) => [parameter.name, valueSchema(parameter).describe(parameter.help)]),
    ),
  );
}

function valueSchema(parameter: TemplateParameter): z.ZodType {
  const schema = kindSchema(parameter).meta({ title: parameter.label });
  return parameter.optional ? z.union([schema, z.null()]) : schema;
}

function kindSchema(parameter: TemplateParameter): z.ZodType {
  if (parameter.type === 'bool') return z.boolean();
  if (parameter.type === 'json') return z.json();
  if (parameter.type === 'num') {
    const { min, max, integer } = parameter.limits;
    let schema = integer ? z.number().int() : z.number();
    if (min !== undefined) schema = schema.min(min);
    return max === undefined ? schema : schema.max(max);
  }
  const { options, pattern, maxLength } = parameter.limits;
  if (options) return z.enum(options);
  let schema = z.string().max(maxLength ?? 1000);
  if (pattern !== undefined) schema = schema.regex(new RegExp(pattern, 'u'), `must match ${pattern}`);
  return schema;
}

/** A property of an object or an entry of a list by its path; undefined where there is none. */
function atPath(value: unknown, path: string): unknown {
  let at = value;
  for (const name of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Record<string, unknown>)[name];
  }
  return at;
}

/**
 * A value for every parameter: what was given, else the region's, else the template's.
 * @throws FatalError PARAMETERS_INVALID with a sentence for each
 */
export function parameterValues(
  parameters: readonly TemplateParameter[],
  region: Region,
  given: Readonly<Record<string, unknown>>,
): ParameterValues {
  const values: Record<string, unknown> = { ...given };
  for (const { name, from, default: preset, optional } of parameters) {
    if (Object.hasOwn(given, name)) continue;
    const own = from === undefined ? undefined : atPath(region, from);
    values[name] = own ?? preset ?? (optional ? null : undefined);
  }
  const parsed = parameterSchema(parameters).safeParse(values);
  if (parsed.success) return parsed.data as ParameterValues;
  const sentences = parsed.error.issues.map((issue) =>
    issue.code === 'unrecognized_keys'
      ? `${issue.keys.join(', ')}: the template has no such parameter`
      : `${issue.path.join('.')}: ${issue.message}`,
  );
  throw new FatalError('PARAMETERS_INVALID', sentences.join('; '), {
    hint: `Parameters are ${parameters.map(({ name }) => name).join(', ') || 'none'}; set one with --set NAME=value.`,
  });
}

/** A command line's `NAME=value` as the parameter's type reads it; what does not read so stays a text, which the check refuses. */
export function parameterFromText(parameter: TemplateParameter | undefined, text: string): unknown {
  if (text === '' && parameter?.optional) return null;
  if (parameter === undefined || parameter.type === 'str') return text;
  if (parameter.type === 'num')
    return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** As a tab's `env` holds it: everything is text. */
export function variableOf({ name, type }: TemplateParameter, value: ParameterValue): Variable {
  if (value === null) return { name, value: '', type: 'str' };
  const text = typeof value === 'string' && type !== 'json' ? value : JSON.stringify(value);
  return { name, value: text, type };
}

/** The value that a tab's setting has, as the parameter's type reads it. */
export function valueOfVariable(parameter: TemplateParameter, { value }: Variable): unknown {
  return parameterFromText(parameter, typeof value === 'string' ? value : JSON.stringify(value ?? ''));
}
