/** Interchanges of ours before they leave, and acknowledgements of them that come back at once. */
import type { CallContext, OperationResult } from '../kit/connector';
import { type Delivered, deliver, type Outgoing } from '../kit/edi/deliver';
import { type Checked, checkedParts } from '../kit/edi/send-interchange';
import { readX12 } from './envelope';
import { buildInterchange, controlNumberOf, type Envelope, ownSeparators } from './write';

export const mediaType = 'application/edi-x12';

export const checked = (content: string): Checked =>
  checkedParts(readX12(content), (part) =>
    part.kind === 'set' ? part.set.fault : 'fault' in part ? part.fault : undefined,
  );

/** TA105 025: the control number was received before, so an earlier send of ours arrived. */
const alreadyThere = '025';

/** What a TA1 or a 997 in an answer says; undefined when there is neither. */
export function verdictIn(body: string): { accepted: boolean; message: string } | undefined {
  let verdict: { accepted: boolean; message: string } | undefined;
  const hear = (word: string, what: string) => {
    const accepted = word === 'A' || word === 'E' || word === alreadyThere;
    if (verdict?.accepted !== false)
      verdict = { accepted, message: `${what} answered with ${word.slice(0, 10)}` };
  };
  for (const part of readX12(body)) {
    if (part.kind === 'ta1') {
      const [, control = '', , , word = '', note = ''] = part.segment.raw.split(
        part.interchange.separators.element,
      );
      hear(note.trim() === '025' ? alreadyThere : word.trim(), `interchange ${control.trim().slice(0, 9)}`);
    }
    if (part.kind !== 'set' || part.set.type !== '997') continue;
    const trailer = part.set.segments.find(({ tag }) => tag === 'AK9');
    if (trailer !== undefined) hear(trailer.element(1).trim(), 'the group was');
  }
  return verdict;
}

export function outgoingOf(
  content: string,
  controlNumber: string,
  fileName: string | undefined,
  charset: unknown,
): Outgoing {
  const latin1 = typeof charset === 'string' && /^(iso-?8859-1|latin1)$/i.test(charset);
  return {
    content,
    controlNumber,
    fileName: fileName ?? `x12-${controlNumber}.edi`,
    mediaType,
    encoding: latin1 ? 'latin1' : 'utf8',
    verdict: verdictIn,
  };
}

export interface Document {
  /** ST01. */
  type: string;
  /** GS01. */
  functionalId: string;
  body: readonly (readonly string[])[];
}

/** Builds an interchange of one document with the partner's settings and sends it; its control number is the effect's own. */
export async function sendDocument(
  document: Document,
  call: CallContext,
): Promise<OperationResult<Delivered>> {
  const { settings, effect, now } = call;
  const senderId = text(settings.senderId);
  const receiverId = text(settings.receiverId);
  if (senderId === '' || receiverId === '')
    return {
      outcome: 'fatal',
      message: 'set our id and the id of the partner in the partner node: documents name both',
    };
  if (effect === undefined)
    return { outcome: 'fatal', message: 'a document has its control number from a recorded effect' };
  const control = controlNumberOf(effect);
  const envelope: Envelope = {
    separators: ownSeparators,
    sender: { qualifier: text(settings.senderQualifier) || 'ZZ', id: senderId },
    receiver: { qualifier: text(settings.receiverQualifier) || 'ZZ', id: receiverId },
    groupSender: senderId,
    groupReceiver: receiverId,
    interchangeVersion: '00401',
    version: '004010',
    control,
    usage: settings.usage === 'T' ? 'T' : 'P',
    now,
    functionalId: document.functionalId,
    sets: [document],
  };
  const content = buildInterchange(envelope);
  return deliver(outgoingOf(content, control, `${document.type}-${control}.edi`, settings.charset), call);
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
