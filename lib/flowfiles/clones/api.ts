/** What commands, the API and the editor ask of templates and clones; the same on files and through a running runtime. */
import type { CloneRequest, CloneStatus, Clones, UpgradeRequest } from './clones';
import type { CloneRecord } from './record';
import type { Upgrade } from './upgrade';
import { listTemplates, type TemplateList } from './view';

export interface ClonesApi {
  list(): Promise<TemplateList>;
  clone(request: CloneRequest): Promise<CloneRecord>;
  status(): Promise<CloneStatus[]>;
  /** What an upgrade would do; nothing is written. */
  preview(request: UpgradeRequest): Promise<Upgrade>;
  upgrade(request: UpgradeRequest): Promise<Upgrade>;
}

export function clonesApi(clones: Clones): ClonesApi {
  return {
    list: () => listTemplates(clones),
    clone: (request) => clones.clone(request),
    status: () => clones.status(),
    preview: (request) => clones.preview(request),
    upgrade: (request) => clones.upgrade(request),
  };
}

/** A clone's name in the API and the editor; neither part holds a dot. */
export const cloneName = ({ region, template }: { region: string; template: string }): string =>
  `${region}.${template}`;
