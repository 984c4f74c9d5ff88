/**
 * A message of OTM 5 is an entity or an event with entities in it, inline or by reference
 * (https://www.opentripmodel.org/docs/fundamentals/associations); what concerns a shipment is found by walking through it.
 */
import { type Json, object, objects, text } from '../kit/text';

/** What stands around a thing that was found. */
export interface Around {
  tripId: string | undefined;
  /** Consignment, inline or as far as its reference tells. */
  consignment: Json | undefined;
  location: Json | undefined;
}

export type Found =
  | { kind: 'action'; action: Json; around: Around; at: string }
  | { kind: 'status'; entity: Json; around: Around; at: string };

/** The entity of an association; of a reference only its id. */
export function entityOf(association: unknown): Json | undefined {
  const found = object(association);
  if (found === undefined) return undefined;
  if (found.entity !== undefined) return object(found.entity);
  const id = text(found.uuid, 200);
  return id === undefined ? undefined : { id, entityType: found.entityType };
}

const maxFound = 5000;

/** Entities and actions below one entity, outermost first. */
export function walk(entity: Json, around: Around, at: string, found: Found[]): void {
  if (found.length >= maxFound) return;
  const here = placed(entity, around);
  if (typeof entity.actionType === 'string') found.push({ kind: 'action', action: entity, around: here, at });
  else if (entity.status !== undefined) found.push({ kind: 'status', entity, around: here, at });
  objects(entity.actions, 1000).forEach((association, index) => {
    const below = entityOf(association);
    if (below !== undefined) walk(below, here, `${at}/actions/${index}/entity`, found);
  });
  objects(entity.consignments, 1000).forEach((association, index) => {
    const below = entityOf(association);
    if (below !== undefined) walk(below, here, `${at}/consignments/${index}/entity`, found);
  });
}

function placed(entity: Json, around: Around): Around {
  const own = entityOf(entity.location) ?? entityOf(entityOf(entity.stop)?.location);
  const trip = entity.entityType === 'trip' ? entity : entityOf(entity.trip);
  const consignment = entity.entityType === 'consignment' ? entity : entityOf(entity.consignment);
  return {
    tripId: text(trip?.id, 200) ?? around.tripId,
    consignment: consignment ?? around.consignment,
    location: own ?? around.location,
  };
}
