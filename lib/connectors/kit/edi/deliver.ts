/**
 * Putting an interchange onto the wire: posted by HTTP, or as a file into the partner's folder. Sending again does no harm: the file has the
 * same name and replaces itself, and the control number is the same, by which EDI receivers know a duplicate.
 */
import { FatalError } from '../../../model/errors';
import type { CallContext, OperationResult } from '../connector';
import type { HttpResponse } from '../http';
import { bearer, busyOutcome, isBusy, sendAuthorized } from '../outbound';

export interface Outgoing {
  /** The interchange as text. */
  content: string;
  /** Of the interchange. */
  controlNumber: string;
  fileName: string;
  mediaType: string;
  encoding: 'latin1' | 'utf8';
  /** Reads an answer in the body of a 2xx: an acknowledgement that refuses what was posted. Undefined when it says nothing. */
  verdict(body: string): { accepted: boolean; message: string } | undefined;
}

export interface Delivered {
  controlNumber: string;
  delivered: 'HTTP' | 'FILE';
  fileName?: string;
}

export async function deliver(outgoing: Outgoing, call: CallContext): Promise<OperationResult<Delivered>> {
  const bytes = Buffer.from(outgoing.content, outgoing.encoding);
  return (await toFolder(outgoing, bytes, call)) ?? post(outgoing, bytes, call);
}

/** Undefined when the partner's endpoint is no folder. What was written is read back: half a file is no delivery. */
async function toFolder(
  outgoing: Outgoing,
  bytes: Buffer,
  call: CallContext,
): Promise<OperationResult<Delivered> | undefined> {
  const { fileName, controlNumber } = outgoing;
  try {
    await call.files.write(fileName, bytes);
  } catch (error) {
    if (error instanceof FatalError && error.code === 'TRANSPORT') return undefined;
    throw error;
  }
  const read = await call.files.read(fileName);
  // A partner that is quick has taken it away already.
  if (read !== undefined && !bytes.equals(read))
    return {
      outcome: 'unknown',
      message: `${fileName} lies in the folder with other content than was written`,
    };
  return {
    outcome: 'ok',
    output: { controlNumber, delivered: 'FILE', fileName },
    confirmed: false,
    reference: controlNumber,
  };
}

async function post(
  outgoing: Outgoing,
  bytes: Buffer,
  call: CallContext,
): Promise<OperationResult<Delivered>> {
  const { controlNumber, mediaType } = outgoing;
  const path = typeof call.settings.outboundPath === 'string' ? call.settings.outboundPath : '/';
  const headers = { 'content-type': mediaType, 'idempotency-key': call.idempotencyKey };
  const response = await sendAuthorized(call, bearer(call), { method: 'POST', path, headers, body: bytes });
  const refusal = refusalOf(response, call);
  if (refusal !== undefined) return refusal;
  const verdict = outgoing.verdict(response.text());
  if (verdict?.accepted === false)
    return { outcome: 'business', code: 'INTEGRATION_FAILURE', message: verdict.message };
  return {
    outcome: 'ok',
    output: { controlNumber, delivered: 'HTTP' },
    confirmed: verdict !== undefined,
    reference: controlNumber,
  };
}

function refusalOf(response: HttpResponse, call: CallContext): OperationResult<Delivered> | undefined {
  const { status } = response;
  if (status >= 200 && status < 300) return undefined;
  if (isBusy(response)) return busyOutcome(response, call.now);
  const message = `the partner answered HTTP ${status}`;
  return status >= 500
    ? { outcome: 'unknown', message }
    : { outcome: 'fatal', message, vendorCode: String(status) };
}
