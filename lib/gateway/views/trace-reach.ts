/** The part of a trace that a limited caller may see: what their partners said, and everything about their cases. */
import type { Reach } from '../reach';
import type { Trace, TraceParts } from './trace-read';

/** undefined when nothing of it is within reach. */
export function traceWithin(trace: Trace, reach: Reach): Trace | undefined {
  if (!reach.scope) return trace;
  const parts = partsWithin(trace.parts, reach);
  if (parts.facts.length === 0 && parts.cases.length === 0) return undefined;
  const subjects = new Set([
    ...parts.facts.map(({ fact }) => fact.subject),
    ...parts.cases.map(({ subject }) => subject),
  ]);
  const seen = (subject: string): boolean => subjects.has(subject);
  const { walk } = trace;
  return {
    ...trace,
    parts,
    walk: {
      ...walk,
      roots: walk.roots.filter(seen),
      subjects: walk.subjects.filter(seen),
      links: walk.links.filter((link) => seen(link.subject)),
      // Other orders: whether they are within reach is not known here.
      related: [],
    },
  };
}

function partsWithin(parts: TraceParts, reach: Reach): TraceParts {
  const cases = parts.cases.filter((state) => reach.seesCase(state));
  const caseIds = new Set(cases.map((state) => state.id));
  const subjects = new Set(cases.map((state) => state.subject));
  const ofCase = (caseId: string | undefined): boolean => caseId !== undefined && caseIds.has(caseId);
  // Whom regions limit sees the whole of their shipments; whom partners limit, only what those partners did.
  const ofShipment = (subject: string): boolean => !reach.scope?.partners && subjects.has(subject);
  const runs = parts.runs.filter(
    (run) => ofCase(run.caseId) || (run.caseId === undefined && reach.seesPartner(run.partner)),
  );
  const runIds = new Set(runs.map((run) => run.id));
  return {
    cases,
    caseEvents: parts.caseEvents.filter((event) => caseIds.has(event.caseId)),
    facts: parts.facts.filter(({ fact, partner }) => reach.seesPartner(partner) || ofShipment(fact.subject)),
    runs,
    effects: parts.effects.filter((effect) => ofCase(effect.caseId) || runIds.has(effect.runId)),
    waits: parts.waits.filter((wait) => ofCase(wait.caseId) || runIds.has(wait.runId)),
    deadLetters: parts.deadLetters.filter(
      (letter) =>
        (letter.runId !== undefined && runIds.has(letter.runId)) || reach.seesPartner(letter.partner),
    ),
  };
}
