/** A JSON:API document (https://jsonapi.org/format/): one primary record, and the related ones it brings along. */
import { type Json, object, objects, text } from '../kit/text';

export interface Related {
  /** The record a relationship points to, where it came along. */
  of(record: Json | undefined, relationship: string): Json | undefined;
  /** Type and id a relationship points to, whether the record came along or not. */
  idOf(record: Json | undefined, relationship: string): string | undefined;
  /** The only record of a type; undefined when there are none or several. */
  only(type: string): Json | undefined;
}

export const attributes = (record: Json | undefined): Json => object(record?.attributes) ?? {};

function pointer(record: Json | undefined, relationship: string): Json | undefined {
  return object(object(object(record?.relationships)?.[relationship])?.data);
}

export function relatedOf(included: unknown): Related {
  const records = objects(included, 1000);
  const byKey = new Map(records.map((record) => [`${record.type} ${record.id}`, record]));
  return {
    of(record, relationship) {
      const target = pointer(record, relationship);
      return target === undefined ? undefined : byKey.get(`${target.type} ${target.id}`);
    },
    idOf: (record, relationship) => text(pointer(record, relationship)?.id, 100),
    only(type) {
      const found = records.filter((record) => record.type === type);
      return found.length === 1 ? found[0] : undefined;
    },
  };
}
