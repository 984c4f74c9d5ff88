/** All stand-in systems over one world. */
import type { System } from '../core/http';
import type { World } from '../core/world';
import { Carrier } from './carrier';
import { Desk } from './desk';
import { Erp } from './erp';
import { Storefront } from './storefront';
import { stub } from './stub';
import { Tms } from './tms';
import { Wms } from './wms';

export interface Systems {
  erp: Erp;
  wms: Wms;
  tms: Tms;
  storefront: Storefront;
  desk: Desk;
  carrier: Carrier;
}

export function createSystems(world: World): Systems {
  return {
    erp: new Erp(world),
    wms: new Wms(world),
    tms: new Tms(world),
    storefront: new Storefront(world),
    desk: new Desk(world),
    carrier: new Carrier(world),
  };
}

export function mounted(systems: Systems): System[] {
  return [...Object.values(systems).map(({ system }) => system), stub()];
}
