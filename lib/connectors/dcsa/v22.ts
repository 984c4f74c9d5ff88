/** Events of Track and Trace 2.2 (dcsaorg/DCSA-OpenAPI, tnt/v2/TNT_v2.2.0.yaml): flat, with what belongs to the type beside the rest. */
import { type Json, object, objects, text } from '../kit/text';
import { type DcsaEvent, type Named, nameText } from './events';

const lists: Readonly<Record<string, { codeList: string; code: string }>> = {
  SHIPMENT: { codeList: 'shipment', code: 'shipmentEventTypeCode' },
  TRANSPORT: { codeList: 'transport', code: 'transportEventTypeCode' },
  EQUIPMENT: { codeList: 'equipment', code: 'equipmentEventTypeCode' },
};

function documentsOf(event: Json): Named[] {
  const own = { type: nameText(event.documentTypeCode), value: nameText(event.documentID) };
  const listed = objects(event.documentReferences, 100).map((item) => ({
    type: nameText(item.documentReferenceType),
    value: nameText(item.documentReferenceValue),
  }));
  return own.value === undefined ? listed : [own, ...listed];
}

function reasonOf(codeList: string, event: Json): string | undefined {
  if (codeList === 'transport') return text(event.delayReasonCode, 100);
  return codeList === 'shipment' ? text(event.documentTypeCode, 100) : text(event.emptyIndicatorCode, 100);
}

/** Undefined when it is no event of this version. */
export function eventOf22(event: Json, party: string): DcsaEvent | undefined {
  const list = lists[text(event.eventType, 40) ?? ''];
  if (list === undefined) return undefined;
  const call = object(event.transportCall);
  const called =
    object(call?.location) ??
    (call?.UNLocationCode === undefined ? undefined : { UNLocationCode: call.UNLocationCode });
  return {
    version: '2.2',
    codeList: list.codeList,
    status: text(event[list.code], 100),
    reason: reasonOf(list.codeList, event),
    words: text(event.reason, 2000) ?? text(event.changeRemark, 2000),
    classifier: text(event.eventClassifierCode, 20),
    eventTime: event.eventDateTime,
    updatedTime: event.eventCreatedDateTime,
    eventId: nameText(event.eventID),
    party,
    documents: documentsOf(event),
    references: objects(event.references, 100).map((item) => ({
      type: nameText(item.referenceType),
      value: nameText(item.referenceValue),
    })),
    equipment: nameText(event.equipmentReference),
    location: object(event.eventLocation) ?? called,
  };
}
