/**
 * The authorisation matrix: every call with a request for something of the partner `acme` in Germany and the same for `globex` in the US.
 * A call that is missing here fails the test.
 */
import type { Role } from '../../../lib/gateway/roles';

export interface World {
  /** Ids by place: `in` belongs to acme, `out` to globex. */
  caseId: string;
  factId: string;
  runId: string;
  letterId: string;
  replayId: string;
  alertId: string;
  order: string;
  partner: string;
}

export interface Row {
  /** Least role; what is asked for by content stands in access.test.ts. */
  role: Role | 'open';
  /** `lists` shows the caller's part, `item` hides what is outside, `house` is closed to limited callers, `free` belongs to no partner. */
  kind: 'lists' | 'item' | 'house' | 'free';
  path?(world: World): string;
  body?(world: World): unknown;
}

const hold = () => ({ action: 'hold', reason: 'r' });
const why = () => ({ reason: 'r' });

export const matrix: Record<string, Row> = {
  listCases: { role: 'viewer', kind: 'lists' },
  getCase: { role: 'viewer', kind: 'item', path: ({ caseId }) => `/cases/${caseId}` },
  actOnCase: {
    role: 'operator',
    kind: 'item',
    path: ({ caseId }) => `/cases/${caseId}/actions`,
    body: () => ({ action: 'note', expectedVersion: 99, reason: 'seen' }),
  },
  trace: { role: 'viewer', kind: 'item', path: ({ order }) => `/trace/${order}` },
  listFacts: { role: 'viewer', kind: 'lists' },
  getFact: { role: 'viewer', kind: 'item', path: ({ factId }) => `/facts/${factId}` },
  getFactRaw: { role: 'operator', kind: 'item', path: ({ factId }) => `/facts/${factId}/raw` },
  listDeadLetters: { role: 'viewer', kind: 'lists' },
  getDeadLetter: { role: 'viewer', kind: 'item', path: ({ letterId }) => `/dead-letters/${letterId}` },
  getDeadLetterRaw: {
    role: 'operator',
    kind: 'item',
    path: ({ letterId }) => `/dead-letters/${letterId}/raw`,
  },
  createReplay: {
    role: 'operator',
    kind: 'item',
    path: () => '/replays',
    body: ({ letterId }) => ({ name: 'n', reason: 'r', mode: 'preview', select: { ids: [letterId] } }),
  },
  listReplays: { role: 'viewer', kind: 'free' },
  getReplay: { role: 'viewer', kind: 'house', path: ({ replayId }) => `/replays/${replayId}` },
  startReplay: {
    role: 'operator',
    kind: 'house',
    path: ({ replayId }) => `/replays/${replayId}/start`,
    body: why,
  },
  pauseReplay: {
    role: 'operator',
    kind: 'house',
    path: ({ replayId }) => `/replays/${replayId}/pause`,
    body: why,
  },
  cancelReplay: {
    role: 'operator',
    kind: 'house',
    path: ({ replayId }) => `/replays/${replayId}/cancel`,
    body: why,
  },
  getRun: { role: 'viewer', kind: 'item', path: ({ runId }) => `/runs/${runId}` },
  listPartners: { role: 'viewer', kind: 'lists' },
  getPartner: { role: 'viewer', kind: 'item', path: ({ partner }) => `/partners/${partner}` },
  actOnPartner: {
    role: 'supervisor',
    kind: 'item',
    path: ({ partner }) => `/partners/${partner}/actions`,
    body: hold,
  },
  partnerParity: { role: 'viewer', kind: 'item', path: ({ partner }) => `/partners/${partner}/parity` },
  listAudit: { role: 'viewer', kind: 'free' },
  verifyAudit: { role: 'supervisor', kind: 'house' },
  exportAudit: { role: 'supervisor', kind: 'house' },
  signInMethods: { role: 'open', kind: 'free' },
  signIn: { role: 'open', kind: 'free' },
  setUp: { role: 'open', kind: 'free' },
  signOut: { role: 'viewer', kind: 'free' },
  me: { role: 'viewer', kind: 'free' },
  changePassword: {
    role: 'viewer',
    kind: 'free',
    body: () => ({ current: 'what it was before', password: 'what it is from now on' }),
  },
  openEditor: { role: 'analyst', kind: 'house' },
  endOwnSessions: { role: 'viewer', kind: 'free', body: () => ({}) },
  listUsers: { role: 'admin', kind: 'house' },
  createUser: {
    role: 'admin',
    kind: 'house',
    body: () => ({ name: 'someone', role: 'viewer', reason: 'r' }),
  },
  getUser: { role: 'admin', kind: 'house' },
  actOnUser: { role: 'admin', kind: 'house', body: () => ({ action: 'enable', reason: 'r' }) },
  listSessions: { role: 'viewer', kind: 'free' },
  endSession: { role: 'viewer', kind: 'free', body: why },
  listTokens: { role: 'admin', kind: 'house' },
  createToken: { role: 'admin', kind: 'house', body: () => ({ name: 'some', role: 'viewer', reason: 'r' }) },
  revokeToken: { role: 'admin', kind: 'house', body: why },
  listAlerts: { role: 'viewer', kind: 'lists' },
  actOnAlert: {
    role: 'operator',
    kind: 'item',
    path: ({ alertId }) => `/alerts/${alertId}/actions`,
    body: () => ({ action: 'acknowledge', reason: 'r' }),
  },
  moveDeadLetter: {
    role: 'operator',
    kind: 'item',
    path: ({ letterId }) => `/dead-letters/${letterId}/move`,
    body: () => ({ node: 'none', reason: 'r' }),
  },
  listFlows: { role: 'viewer', kind: 'house' },
  listFlowVersions: { role: 'viewer', kind: 'house' },
  getFlowVersion: { role: 'viewer', kind: 'house' },
  diffFlowVersions: { role: 'viewer', kind: 'house' },
  rollBackFlow: { role: 'analyst', kind: 'house' },
  getFlowFiles: { role: 'viewer', kind: 'house' },
  getFlowFindings: { role: 'viewer', kind: 'house' },
  checkFlows: { role: 'analyst', kind: 'house' },
  deployFlows: { role: 'analyst', kind: 'house' },
  getFlowDeployment: { role: 'viewer', kind: 'house' },
  listFlowTags: { role: 'viewer', kind: 'house' },
  getFlowTag: { role: 'viewer', kind: 'house' },
  createFlowTag: { role: 'analyst', kind: 'house' },
  listTemplates: { role: 'analyst', kind: 'house' },
  cloneTemplate: { role: 'analyst', kind: 'house' },
  listClones: { role: 'analyst', kind: 'house' },
  previewUpgrade: { role: 'analyst', kind: 'house' },
  upgradeClone: { role: 'analyst', kind: 'house' },
  createCapsule: { role: 'analyst', kind: 'house' },
  createBacktest: { role: 'analyst', kind: 'house' },
  getBacktest: { role: 'analyst', kind: 'house' },
  overview: { role: 'viewer', kind: 'lists' },
  caseFacets: { role: 'viewer', kind: 'lists' },
  actOnCases: {
    role: 'operator',
    kind: 'item',
    body: ({ caseId }) => ({ action: 'note', reason: 'seen', cases: [{ id: caseId, expectedVersion: 99 }] }),
  },
  aging: { role: 'viewer', kind: 'house' },
  scorecards: { role: 'viewer', kind: 'house' },
  series: { role: 'viewer', kind: 'house', path: () => '/metrics/series?name=detected' },
  stream: { role: 'viewer', kind: 'house' },
  listSavedViews: { role: 'viewer', kind: 'free' },
  saveView: { role: 'viewer', kind: 'free', body: () => ({ name: 'Mine', location: 'cases' }) },
  removeSavedView: { role: 'viewer', kind: 'free', body: () => ({}) },
  inspectDelivery: {
    role: 'operator',
    kind: 'item',
    path: ({ partner }) => `/partners/${partner}/inspections`,
    body: () => ({ body: '{}' }),
  },
  getReplayReceipt: { role: 'viewer', kind: 'house', path: ({ replayId }) => `/replays/${replayId}/receipt` },
  describe: { role: 'open', kind: 'free' },
};
