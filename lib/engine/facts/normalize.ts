/** Normalisation of a run's raw bytes by the partner's connector, and what the partner's analysts set on top. */
import type { NormalizeResult } from '../../connectors/kit/connector';
import { FatalError } from '../../model/errors';
import type { PartnerRegistry } from '../partners/registry';
import type { ActiveRun } from '../runs/active-run';

/**
 * Reads the recorded bytes, never what a flow made of them: the same run gives the same facts at every attempt.
 * @throws FatalError NO_PAYLOAD when the run did not begin with a raw payload
 */
export async function normalizeRaw(
  run: ActiveRun,
  partners: PartnerRegistry,
  now: () => number,
): Promise<NormalizeResult> {
  const { raw } = run.record;
  if (!raw)
    throw new FatalError(
      'NO_PAYLOAD',
      'this run did not begin with a raw payload, so there is nothing to normalise',
      { hint: 'Put normalize right behind partner in.' },
    );
  const partner = partners.require(raw.partner);
  const { connector } = partner;
  if (!connector.inbound) throw new FatalError('NO_MAPPING', `${connector.manifest.title} maps no payloads`);
  const { reading } = run;
  run.reading = undefined;
  const result = connector.inbound.normalize(
    { headers: raw.headers, body: raw.body, ...(reading && { reading }) },
    { receivedAt: raw.receivedAt, settings: partner.settings, manifest: connector.manifest },
  );
  return partner.overrides.apply(result, raw.body, now);
}
