/** The control record (EDI_DC40): who sent what under which number. Its number and sender are the key of an IDoc. */
import { keyOf } from '../kit/draft';
import { idText, type Json, object, text } from '../kit/text';
import { compactTime, type EventTime } from '../kit/time';

export interface Control {
  basicType: string;
  messageType: string;
  /** True when the sender marks it as a test. */
  test: boolean;
  /** When the IDoc was made. */
  created: EventTime | undefined;
  /** Hash of sender and number; undefined where one of them is missing. */
  key: string | undefined;
}

export function controlOf(idoc: Json, zone: string | undefined): Control | undefined {
  const record = object(idoc.EDI_DC40);
  const basicType = text(record?.IDOCTYP, 30);
  const messageType = text(record?.MESTYP, 30);
  if (record === undefined || basicType === undefined || messageType === undefined) return undefined;
  return {
    basicType,
    messageType,
    test: text(record.TEST) !== undefined,
    created: sapTime(record.CREDAT, record.CRETIM, zone),
    key: controlKey(record, messageType),
  };
}

/** The number counts up within the sender's system and client; partner and port tell two systems apart. */
function controlKey(record: Json, messageType: string): string | undefined {
  const number = idText(record.DOCNUM);
  const sender = idText(record.SNDPRN);
  if (number === undefined || sender === undefined) return undefined;
  const parts = [text(record.SNDPOR), text(record.SNDPRT), sender, text(record.MANDT), messageType, number];
  return keyOf(['idoc', ...parts]);
}

/** `YYYYMMDD` and `HHMMSS`; SAP writes zeros for no date. */
export function sapTime(date: unknown, time: unknown, zone: string | undefined): EventTime | undefined {
  const day = text(date);
  return day === undefined || /^0+$/.test(day) ? undefined : compactTime(day, text(time) ?? '', { zone });
}
