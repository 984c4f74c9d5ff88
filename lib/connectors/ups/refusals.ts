/** UPS answers that refuse a call. Which call it was is told by the document (XML) or by the family of the error code (JSON). */
import type { NormalizeContext, NormalizeReport, NormalizeResult } from '../kit/connector';
import { notAFact, reject } from '../kit/json';
import { refusedCallFact } from '../kit/refused-call';
import { type Json, list, object, text } from '../kit/text';
import { codes } from './events';

interface UpsError {
  code: string;
  message: string;
}

/** Errors of a JSON answer (`response.errors`) or an XML one (`Response/Error`). */
export function readErrors(items: readonly unknown[]): UpsError[] {
  return items.flatMap((item) => {
    const error = object(item);
    const code = text(error?.code ?? error?.ErrorCode, 100);
    const message = text(error?.message ?? error?.ErrorDescription, 1000) ?? 'UPS refused the call';
    return code === undefined ? [] : [{ code, message }];
  });
}

/** `12xxxx` for 120500: UPS numbers the errors of one API in one range. */
function familyOf(code: string): string | undefined {
  if (/^\d{6}$/.test(code)) return `${code.slice(0, 2)}xxxx`;
  return /^\d{7}$/.test(code) ? `${code.slice(0, 3)}xxxx` : undefined;
}

/**
 * Errors to one fact where they mean that a label or an address was refused, else to reports.
 * @param document root of an XML document, which names the call that was refused
 */
export function normalizeErrors(
  errors: readonly UpsError[],
  document: string | undefined,
  context: NormalizeContext,
): NormalizeResult {
  if (errors.length === 0)
    return { facts: [], reports: [reject('ERROR_INVALID', 'an error without a code')] };
  const sorted = errors.toSorted((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0));
  const found = sorted
    .map((error) => ({ error, code: classify(error.code, document) }))
    .filter(({ code }) => code !== undefined);
  const first =
    found.find(
      ({ code }) => code?.codeList === 'error' && code.reason === undefined && !code.status.includes('x'),
    ) ?? found[0];
  const fact =
    first?.code &&
    refusedCallFact(
      {
        codes,
        code: { ...first.code, agency: 'UPS', text: first.error.message },
        message: sorted.map(({ code, message }) => `${code}: ${message}`).join('; '),
        key: sorted.flatMap(({ code, message }) => [code, message]),
      },
      context,
    );
  if (fact !== undefined) return { facts: [fact], reports: [] };
  return {
    facts: [],
    reports: errors.map(({ code, message }): NormalizeReport => notAFact(code, message.slice(0, 500))),
  };
}

function classify(
  code: string,
  document: string | undefined,
): { codeList: string; status: string; reason?: string } | undefined {
  if (codes.meaning('error', code).mapped) return { codeList: 'error', status: code };
  if (document !== undefined && codes.meaning('document', document, code).mapped)
    return { codeList: 'document', status: document, reason: code };
  const family = document === undefined ? familyOf(code) : undefined;
  return family !== undefined && codes.meaning('error', family).mapped
    ? { codeList: 'error', status: family, reason: code }
    : undefined;
}

/** Address validation: the envelope may say success while there is no such address. */
export function normalizeAddress(answer: Json, context: NormalizeContext): NormalizeResult {
  const status = ['NoCandidates', 'Ambiguous', 'Valid'].find((word) => has(answer, word));
  if (status === undefined)
    return { facts: [], reports: [notAFact('ADDRESS_CANDIDATES', 'candidates for an address')] };
  const fact = refusedCallFact(
    {
      codes,
      code: { codeList: 'address', agency: 'UPS', status },
      message: codes.meaning('address', status).note,
      key: [JSON.stringify(list(answer.AddressClassification)).slice(0, 500)],
    },
    context,
  );
  return fact === undefined
    ? { facts: [], reports: [notAFact('ADDRESS_VALID', 'the address is valid')] }
    : { facts: [fact], reports: [] };
}

/** The indicators are empty elements: being there is what they say. */
function has(answer: Json, word: string): boolean {
  return answer[`${word}Indicator`] !== undefined || answer[`${word}AddressIndicator`] !== undefined;
}
