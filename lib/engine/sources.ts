/** Where runs enter and re-enter flows: the nodes that registered themselves. */

import type { AlertSeed } from '../model/alert';
import type { CaseState } from '../model/case';
import { severities } from '../model/taxonomy';
import type { AlertSource, CaseSource, PartnerSource, ResumePoint, Source } from './api';

export class Sources {
  private readonly byNode = new Map<string, Source>();

  /** A node that registers again (a redeploy) replaces itself. */
  add(source: Source): () => void {
    this.byNode.set(source.node.id, source);
    return () => {
      if (this.byNode.get(source.node.id) === source) this.byNode.delete(source.node.id);
    };
  }

  forPartner(partnerId: string): PartnerSource[] {
    return this.ordered().filter(
      (source): source is PartnerSource => source.kind === 'partner-in' && source.partnerId === partnerId,
    );
  }

  /** A flow for the case's region takes it instead of those for every region: a regional clone needs no change of the global flow. */
  forCase(state: CaseState): CaseSource[] {
    const all = this.ordered().filter(
      (source): source is CaseSource => source.kind === 'exception-in' && matches(source, state),
    );
    const regional = all.filter(({ regions }) => regions.length > 0);
    return regional.length > 0 ? regional : all;
  }

  /** Those that want to know when the facts of an open case change. */
  following(state: CaseState): CaseSource[] {
    return this.forCase(state).filter(({ updates }) => updates === true);
  }

  forAlert(alert: Pick<AlertSeed, 'kind' | 'rule' | 'severity' | 'region'>): AlertSource[] {
    return this.ordered().filter(
      (source): source is AlertSource => source.kind === 'alert-in' && takes(source, alert),
    );
  }

  resumePoint(nodeId: string): ResumePoint | undefined {
    const source = this.byNode.get(nodeId);
    return source?.kind === 'resume' ? source : undefined;
  }

  /** By node id, so that two sources of one run always start in the same order. */
  private ordered(): Source[] {
    return [...this.byNode.values()].sort((a, b) => (a.node.id < b.node.id ? -1 : 1));
  }
}

const allows = (list: readonly string[], value: string | undefined): boolean =>
  list.length === 0 || (value !== undefined && list.includes(value));

function takes(
  source: AlertSource,
  alert: Pick<AlertSeed, 'kind' | 'rule' | 'severity' | 'region'>,
): boolean {
  return (
    source.channel === alert.kind &&
    allows(source.rules, alert.rule) &&
    // An alert about no region concerns every one.
    (alert.region === undefined || allows(source.regions, alert.region)) &&
    severities.indexOf(alert.severity) <= severities.indexOf(source.severity)
  );
}

function matches(source: CaseSource, state: CaseState): boolean {
  return (
    allows(source.codes, state.code) &&
    allows(source.regions, state.region) &&
    allows(source.partners, state.partner)
  );
}
