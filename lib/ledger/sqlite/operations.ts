/**
 * What the worker can be asked: one entry for each port method. `write` operations run in the writer's group commit,
 * `read` operations too where an engine waits for them; those of `lists` run on the read-only connection.
 */
import type { Database } from './database';
import * as access from './sql/access';
import * as alerts from './sql/alerts';
import * as audit from './sql/audit';
import * as cases from './sql/cases';
import * as changes from './sql/changes';
import * as deadLetters from './sql/dead-letters';
import * as effects from './sql/effects';
import * as facts from './sql/facts';
import * as flows from './sql/flows';
import * as insights from './sql/insights';
import * as intake from './sql/intake';
import * as atRest from './sql/keys-at-rest';
import * as leases from './sql/leases';
import * as links from './sql/links';
import * as operators from './sql/operators';
import * as parking from './sql/parking';
import * as polls from './sql/polls';
import * as recording from './sql/record';
import * as replays from './sql/replays';
import * as runs from './sql/runs';
import * as shipments from './sql/shipments';
import * as views from './sql/views';

/** An operation as the group runs it; its arguments were typed on the other side of the thread. */
export interface Operation {
  writes: boolean;
  run: (db: Database, ...args: never[]) => unknown;
}

const write = <F>(run: F) => ({ writes: true as const, run });
const read = <F>(run: F) => ({ writes: false as const, run });

export const writerOperations = {
  acquire: write(leases.acquire),
  renew: write(leases.renew),
  release: write(leases.release),
  accept: write(intake.accept),
  enqueueRuns: write(runs.enqueueRuns),
  claimRuns: write(runs.claimRuns),
  settleRuns: write(runs.settleRuns),
  reviveRun: write(runs.reviveRun),
  park: write(parking.park),
  fireTimers: write(parking.fireTimers),
  signal: write(parking.signal),
  releaseParked: write(parking.releaseParked),
  hastenRuns: write(runs.hastenRuns),
  addDeadLetters: write(deadLetters.addDeadLetters),
  resolveDeadLetters: write(deadLetters.resolveDeadLetters),
  intendEffects: write(effects.intendEffects),
  resolveEffects: write(effects.resolveEffects),
  decideEffect: write(effects.decideEffect),
  record: write(recording.record),
  watchShipments: write(shipments.watchShipments),
  appendAudit: write(audit.appendAudit),
  appendSignedHeads: write(audit.appendSignedHeads),
  raiseAlerts: write(alerts.raiseAlerts),
  resolveAlerts: write(alerts.resolveAlerts),
  acknowledgeAlert: write(alerts.acknowledgeAlert),
  createReplay: write(replays.createReplay),
  setReplayState: write(replays.setReplayState),
  updateReplayItem: write(replays.updateReplayItem),
  setPartnerControl: write(operators.setPartnerControl),
  beginRequest: write(operators.beginRequest),
  finishRequest: write(operators.finishRequest),
  saveFlowVersion: write(operators.saveFlowVersion),
  saveView: write(views.saveView),
  removeView: write(views.removeView),
  savePolls: write(polls.savePolls),
  enrolNumbers: write(polls.enrolNumbers),
  addDataKey: write(atRest.addDataKey),
  rewrapDataKeys: write(atRest.rewrapDataKeys),
  shred: write(atRest.shred),
  recordDeployment: write(flows.recordDeployment),
  noteFlowTests: write(flows.noteFlowTests),
  setDeploymentState: write(flows.setDeploymentState),
  saveFlowTag: write(flows.saveFlowTag),
  saveUser: write(access.saveUser),
  openSession: write(access.openSession),
  touchSession: write(access.touchSession),
  endSessions: write(access.endSessions),
  /** A row that stays as it is, but a commit that has to reach the disk. */
  ready: write((db: Database): void => {
    db.run("UPDATE meta SET value = value WHERE key = 'partitions'");
  }),

  backlog: read(intake.backlog),
  rawPayload: read(intake.rawPayload),
  nextDueAt: read(runs.nextDueAt),
  run: read(runs.run),
  effect: read(effects.effect),
  knownFactIds: read(facts.knownFactIds),
  recordContext: read((db: Database, request: { factIds: string[]; subjects: string[]; now: number }) => ({
    knownFactIds: facts.knownFactIds(db, request.factIds),
    shipments: shipments.shipments(db, request.subjects),
    cases: cases.recentCases(db, request.subjects, request.now),
  })),
  caseState: read(cases.caseState),
  alert: read(alerts.alert),
  shipment: read(shipments.shipment),
  dueShipments: read(shipments.dueShipments),
  fact: read(facts.fact),
  deadLetter: read(deadLetters.deadLetter),
  replay: read(replays.replayRow),
  partnerControls: read(operators.partnerControls),
  poll: read(polls.poll),
  duePolls: read(polls.duePolls),
  pollCount: read(polls.pollCount),
  flowVersion: read(operators.flowVersion),
  chainHeads: read(audit.chainHeads),
  lastSignedHeads: read(audit.lastSignedHeads),
  dataKeys: read(atRest.dataKeys),
  dataKeyRings: read(atRest.dataKeyRings),
  dataKeysNotUnder: read(atRest.dataKeysNotUnder),
  deployment: read(flows.deployment),
  deploymentsIn: read(flows.deploymentsIn),
  currentFlows: read(flows.currentFlows),
  flowFile: read(flows.flowFile),
  flowTag: read(flows.flowTag),
  user: read(access.user),
  userByName: read(access.userByName),
  userByExternal: read(access.userByExternal),
  users: read(access.users),
  userCount: read(access.userCount),
  session: read(access.session),
  sessions: read(access.sessions),
};

/** Questions of people and reports: they may take long, and never wait for or hold up a commit. */
export const readerOperations = {
  runsByRoot: read(runs.runsByRoot),
  runsByCase: read(runs.runsByCase),
  runsByCorrelation: read(runs.runsByCorrelation),
  runCounts: read(runs.runCounts),
  parkedByRun: read(parking.parkedByRun),
  parkedByCase: read(parking.parkedByCase),
  waitingNodes: read(parking.waitingNodes),
  deadLetters: read(deadLetters.deadLetters),
  deadLetterGroups: read(deadLetters.deadLetterGroups),
  effectsByCase: read(effects.effectsByCase),
  effectsByRuns: read(effects.effectsByRuns),
  caseEvents: read(cases.caseEvents),
  cases: read(cases.cases),
  casesBySubjects: read(cases.casesBySubjects),
  caseCounts: read(cases.caseCounts),
  breachedCases: read(cases.breachedCases),
  facetCounts: read(insights.facetCounts),
  openBy: read(insights.openBy),
  caseAges: read(insights.caseAges),
  clocksAhead: read(insights.clocksAhead),
  measures: read(insights.measures),
  openDeadLetters: read(insights.openDeadLetters),
  lastChange: read(changes.lastChange),
  changes: read(changes.changes),
  savedViews: read(views.savedViews),
  alerts: read(alerts.alerts),
  facts: read(facts.facts),
  factsByCase: read(facts.factsByCase),
  factsBySubjects: read(facts.factsBySubjects),
  subjectsOf: read(links.subjectsOf),
  linksOf: read(links.linksOf),
  audit: read(audit.audit),
  auditChain: read(audit.auditChain),
  signedHeads: read(audit.signedHeads),
  subjectsOfRaws: read(atRest.subjectsOfRaws),
  rawsOfOrderKeys: read(atRest.rawsOfOrderKeys),
  replays: read(replays.replays),
  replayItems: read(replays.replayItems),
  flowHistory: read(flows.flowHistory),
  flowTags: read(flows.flowTags),
};

export type WriterOperations = typeof writerOperations;
export type ReaderOperations = typeof readerOperations;
