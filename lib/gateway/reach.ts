/** How far a caller reaches: which cases, partners and what belongs to them. Everything, unless regions or partners limit it. */
import type { DeadLetter, RunRecord } from '../ledger/runs';
import type { CaseState } from '../model/case';
import { coversRegion, inScope, isLimited, type Scope } from '../model/scope';
import type { Caller, GatewayDeps } from './deps';
import { Problem } from './problems';

/** What a write outside of the caller's reach is answered with; the router audits it. */
export const outOfScope = 'out-of-scope';

export class Reach {
  readonly scope: Scope | undefined;

  constructor(
    caller: Pick<Caller, 'scope'>,
    private readonly deps: Pick<GatewayDeps, 'partners' | 'ledger'>,
  ) {
    this.scope = isLimited(caller.scope) ? caller.scope : undefined;
  }

  /** Partners within reach, for lists; undefined when none is left out. A partner of no region is in none. */
  partners(): string[] | undefined {
    if (!this.scope) return undefined;
    return this.deps.partners
      .list()
      .filter((partner) => inScope(this.scope, { region: partner.region || undefined, partner: partner.id }))
      .map((partner) => partner.id);
  }

  /** Also of one whose node is gone, when partners alone limit the caller. */
  seesPartner(id: string | undefined): boolean {
    if (!this.scope) return true;
    if (id === undefined) return false;
    return inScope(this.scope, { region: this.deps.partners.get(id)?.region || undefined, partner: id });
  }

  seesCase(state: Pick<CaseState, 'region' | 'partner'>): boolean {
    return inScope(this.scope, state);
  }

  /** Through its case, where it belongs to one, else through its partner. */
  async seesRun(run: Pick<RunRecord, 'caseId' | 'partner'>): Promise<boolean> {
    if (!this.scope) return true;
    if (run.caseId === undefined) return this.seesPartner(run.partner);
    const state = await this.deps.ledger.case(run.caseId);
    return state !== undefined && this.seesCase(state);
  }

  async seesDeadLetter(letter: Pick<DeadLetter, 'partner' | 'runId'>): Promise<boolean> {
    if (this.seesPartner(letter.partner)) return true;
    const run = letter.runId === undefined ? undefined : await this.deps.ledger.run(letter.runId);
    return run?.caseId !== undefined && (await this.seesRun(run));
  }

  /** @throws Problem 403 */
  demand(visible: boolean): void {
    if (!visible)
      throw new Problem(403, outOfScope, {
        detail: 'This belongs to a region or partner that the caller is not allowed to act on.',
      });
  }

  covers(region: string | undefined): boolean {
    return !this.scope?.regions || (region !== undefined && coversRegion(this.scope.regions, region));
  }
}
