/** What a deploy asks of the clones: whether it leaves locked nodes alone; and after it, that records follow a rollback. */
import { join } from 'node:path';
import type { FlowNode } from '../format';
import { replaceFile } from '../storage';
import type { Clones } from './clones';
import { jsonText } from './files';
import { flowOf, type LockedFinding, lockedFindings, standingRecord } from './locked';
import { recordPath } from './record';

export class CloneKeeper {
  constructor(
    private readonly flowsDir: string,
    private readonly clones: Clones,
  ) {}

  /** A clone whose tab is gone, or whose template is in the library no more, cannot be judged. */
  async check(nodes: readonly FlowNode[]): Promise<LockedFinding[]> {
    const versions = await this.clones.library.versions();
    const findings: LockedFinding[] = [];
    for (const written of await this.clones.records()) {
      if (flowOf(nodes, written).length === 0) continue;
      const record = standingRecord(nodes, written);
      if (!versions.get(record.template)?.includes(record.version)) continue;
      const template = await this.clones.library.template(record.template, record.version);
      findings.push(...lockedFindings(nodes, record, template));
    }
    return findings;
  }

  /** Rolling an upgrade back brings the version before it back as the base of the next one. */
  async deployed(nodes: readonly FlowNode[]): Promise<void> {
    for (const written of await this.clones.records()) {
      const record = standingRecord(nodes, written);
      if (record === written) continue;
      await replaceFile(join(this.flowsDir, recordPath(record.template, record.region)), jsonText(record));
    }
  }
}
