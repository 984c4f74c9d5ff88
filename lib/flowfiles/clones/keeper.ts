/** What a deploy asks of the clones: whether it leaves locked nodes alone; and after it, that records follow a rollback. */
import { join } from 'node:path';
import { replaceFile } from '../files';
import type { FlowNode } from '../format';
import type { Finding } from '../lint/finding';
import { Library } from '../templates/library';
import { jsonText } from './files';
import { flowOf, lockedFindings, standingRecord } from './locked';
import { recordPath } from './record';
import { cloneRecords } from './records';

export class CloneKeeper {
  private readonly library: Library;

  constructor(private readonly flowsDir: string) {
    this.library = new Library(flowsDir);
  }

  /** A clone whose tab is gone, or whose template is in the library no more, cannot be judged. */
  async check(nodes: readonly FlowNode[]): Promise<Finding[]> {
    const versions = await this.library.versions();
    const findings: Finding[] = [];
    for (const written of await cloneRecords(this.library)) {
      if (flowOf(nodes, written).length === 0) continue;
      const record = standingRecord(nodes, written);
      if (!versions.get(record.template)?.includes(record.version)) continue;
      const template = await this.library.template(record.template, record.version);
      findings.push(...lockedFindings(nodes, record, template));
    }
    return findings;
  }

  /** Rolling an upgrade back brings the version before it back as the base of the next one. */
  async deployed(nodes: readonly FlowNode[]): Promise<void> {
    for (const written of await cloneRecords(this.library)) {
      const record = standingRecord(nodes, written);
      if (record === written) continue;
      await replaceFile(join(this.flowsDir, recordPath(record.template, record.region)), jsonText(record));
    }
  }
}
