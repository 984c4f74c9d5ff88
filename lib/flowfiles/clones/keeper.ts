/** What a deploy asks of the clones: whether it leaves locked nodes alone; and after it, that records follow a rollback. */
import { join } from 'node:path';
import { isRerouteError } from '../../model/errors';
import { replaceFile } from '../files';
import type { FlowNode } from '../format';
import type { Finding } from '../lint/finding';
import { Library, readChecked } from '../templates/library';
import { jsonText } from './files';
import { flowOf, lockedFindings, standingRecord } from './locked';
import { type CloneRecord, cloneRecord, recordPath } from './record';
import { recordPaths } from './records';

export class CloneKeeper {
  private readonly library: Library;

  constructor(private readonly flowsDir: string) {
    this.library = new Library(flowsDir);
  }

  /** A clone whose tab is gone, or whose template is in the library no more, cannot be judged; what cannot be read is a finding. */
  async check(nodes: readonly FlowNode[]): Promise<Finding[]> {
    const versions = await this.library.versions();
    return this.eachRecord(async (written) => {
      if (flowOf(nodes, written).length === 0) return [];
      const record = standingRecord(nodes, written);
      if (!versions.get(record.template)?.includes(record.version)) return [];
      const template = await this.library.template(record.template, record.version);
      return lockedFindings(nodes, record, template);
    });
  }

  /** Rolling an upgrade back brings the version before it back as the base of the next one. */
  async deployed(nodes: readonly FlowNode[]): Promise<void> {
    await this.eachRecord(async (written) => {
      const record = standingRecord(nodes, written);
      if (record !== written)
        await replaceFile(join(this.flowsDir, recordPath(record.template, record.region)), jsonText(record));
      return [];
    });
  }

  private async eachRecord(look: (record: CloneRecord) => Promise<Finding[]>): Promise<Finding[]> {
    const findings: Finding[] = [];
    for (const path of await recordPaths(this.library)) {
      try {
        const record = await readChecked(this.flowsDir, path, cloneRecord);
        if (record) findings.push(...(await look(record)));
      } catch (error) {
        if (!isRerouteError(error)) throw error;
        findings.push({ code: error.code, severity: 'error', flowId: path, message: error.message });
      }
    }
    return findings;
  }
}
