/** `TrackingResponse` of the older DHL XML Services (TrackingResponse.xsd) to facts: one per ShipmentEvent. */
import type { FactDraft } from '../../model/fact';
import type { NormalizeContext, NormalizeReport, NormalizeResult } from '../kit/connector';
import { etaFact } from '../kit/eta-fact';
import { notAFact, reject, rejected } from '../kit/json';
import { idText, type Json, list, object, text } from '../kit/text';
import { isoTime } from '../kit/time';
import { checkpointFact, type Shipment, shipmentOf } from './events';

export function normalizeXml(root: Json, context: NormalizeContext): NormalizeResult {
  const name = Object.keys(root).find((key) => !key.startsWith('?'));
  const document = object(name === undefined ? undefined : root[name]);
  if (document === undefined) return rejected('NOT_A_DHL_DOCUMENT', 'XML without a root of elements');
  const status = object(object(document.Response)?.Status);
  if (status !== undefined) return { facts: [], reports: [conditionReport(status, '/Response/Status')] };
  if (name !== 'TrackingResponse')
    return rejected('NOT_A_DHL_DOCUMENT', `XML with the root ${(name ?? '').slice(0, 60)} is not known`);
  const facts: FactDraft[] = [];
  const reports: NormalizeReport[] = [];
  list(document.AWBInfo).forEach((item, index) => {
    readWaybill(object(item) ?? {}, `/TrackingResponse/AWBInfo[${index + 1}]`, context, facts, reports);
  });
  if (facts.length + reports.length === 0)
    reports.push(notAFact('NO_SHIPMENTS', 'an answer without waybills'));
  return { facts, reports };
}

function readWaybill(
  item: Json,
  at: string,
  context: NormalizeContext,
  facts: FactDraft[],
  reports: NormalizeReport[],
) {
  const info = object(item.ShipmentInfo);
  const status = object(item.Status);
  if (info === undefined && status !== undefined) {
    reports.push(conditionReport(status, `${at}/Status`));
    return;
  }
  // Later versions of the schema put the number one level deeper.
  const number = idText(item.AWBNumber) ?? idText(object(item.AWBNumber)?.TrackingNumber);
  if (number === undefined || info === undefined) {
    reports.push(reject('TRACKING_NUMBER_MISSING', 'a waybill without its number', at));
    return;
  }
  const references = list(info.ShipperReference).map((reference) => text(object(reference)?.ReferenceID));
  const shipment = shipmentOf(number, references, context);
  const events = list(info.ShipmentEvent);
  const found = events.map((raw) => eventOf(object(raw) ?? {}, shipment));
  found.forEach((fact, index) => {
    if (typeof fact === 'string')
      reports.push(reject('EVENT_INVALID', fact, `${at}/ShipmentInfo/ShipmentEvent[${index + 1}]`));
    else facts.push(fact);
  });
  if (events.length === 0) reports.push(notAFact('NO_EVENTS', `no checkpoints for ${number}`, at));
  const delivered = found.some((fact) => typeof fact !== 'string' && fact.data.milestone === 'DELIVERED');
  const eta = estimateOf(info);
  if (eta !== undefined && !delivered) facts.push(etaFact({ carrier: 'dhl', eta, ...shipment }));
}

function eventOf(event: Json, shipment: Shipment): FactDraft | string {
  const service = object(event.ServiceEvent);
  const area = object(event.ServiceArea);
  return checkpointFact(
    {
      code: service?.EventCode,
      date: event.Date,
      time: event.Time,
      description: service?.Description,
      area: { code: area?.ServiceAreaCode, description: area?.Description },
    },
    shipment,
  );
}

/** `2019-02-04 23:59:00 GMT-08:00` with its offset, else the same in UTC. */
function estimateOf(info: Json) {
  const local = text(info.EstDlvyDate, 60)?.replace(/\s*GMT(?=[+-])/, '');
  return isoTime(local) ?? isoTime(text(info.EstDlvyDateUTC, 60));
}

/** A look-up that failed is no exception of a shipment. */
function conditionReport(status: Json, at: string): NormalizeReport {
  const condition = object(list(status.Condition)[0]);
  const code = text(condition?.ConditionCode, 100) ?? 'LOOK_UP_FAILED';
  const message =
    text(condition?.ConditionData, 500) ?? text(status.ActionStatus, 500) ?? 'the look-up failed';
  return notAFact(code, message, at);
}
