/** Events of Track and Trace 3.0 (dcsaorg/Conformance-Gateway, tnt schemas/TNT_v3.0.0.yaml): a classification, and details by kind. */
import { idText, type Json, list, object, objects, text } from '../kit/text';
import { type DcsaEvent, type Named, nameText } from './events';

const lists: Readonly<Record<string, { codeList: string; code: string }>> = {
  SHIPMENT: { codeList: 'shipment', code: 'shipmentEventTypeCode' },
  TRANSPORT: { codeList: 'transport', code: 'transportEventTypeCode' },
  EQUIPMENT: { codeList: 'equipment', code: 'equipmentEventTypeCode' },
  IOT: { codeList: 'iot', code: 'iotEventTypeCode' },
  REEFER: { codeList: 'reefer', code: 'reeferEventTypeCode' },
};

const namedOf = (item: Json): Named => ({ type: nameText(item.typeCode), value: nameText(item.reference) });

/** "Each event is uniquely identified by a composite key" of the originating party and the event's id. */
export function partyOf(event: Json, fallback: string): string {
  const party = object(object(event.eventRouting)?.originatingParty);
  return text(party?.partyCode, 60) ?? fallback;
}

function reasonOf(codeList: string, event: Json): string | undefined {
  switch (codeList) {
    case 'transport':
      return text(list(object(event.transportDetails)?.delayReasonCodes, 20)[0], 100);
    case 'shipment':
      return text(object(object(event.shipmentDetails)?.documentReference)?.typeCode, 100);
    case 'equipment':
      return text(object(event.equipmentDetails)?.emptyIndicatorCode, 100);
    default:
      return text(object(event.iotDetails)?.iotEventCode, 100);
  }
}

/** Undefined when its type is none of this version. */
export function eventOf30(event: Json, fallback: string): DcsaEvent | undefined {
  const classification = object(event.eventClassification);
  const known = lists[text(classification?.eventTypeCode, 40) ?? ''];
  if (known === undefined) return undefined;
  const shipment = object(event.shipmentDetails);
  const main = object(shipment?.documentReference);
  return {
    version: '3.0',
    codeList: known.codeList,
    status: text(classification?.[known.code], 100),
    reason: reasonOf(known.codeList, event),
    words: text(shipment?.reason, 2000) ?? text(object(event.transportDetails)?.changeRemark, 2000),
    classifier: text(classification?.eventClassifierCode, 20),
    eventTime: event.eventDateTime,
    updatedTime: event.eventUpdatedDateTime,
    eventId: idText(event.eventID, 500),
    party: partyOf(event, fallback),
    documents: [
      ...(main === undefined ? [] : [main]),
      ...objects(shipment?.additionalDocumentReferences, 100),
    ].map(namedOf),
    references: objects(shipment?.shipmentReferences, 100).map(namedOf),
    equipment: nameText(object(event.equipmentDetails)?.equipmentReference),
    location: object(event.eventLocation),
  };
}
