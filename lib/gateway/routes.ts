/** Every REST call with the role it asks for: routing, authorisation, validation and docs/openapi.json all read this table. */
import { auditRoutes } from './rest/audit';
import { caseRoutes } from './rest/cases';
import { deadLetterRoutes } from './rest/dead-letters';
import { describeRoute } from './rest/describe';
import { factRoutes } from './rest/facts';
import { meRoute } from './rest/me';
import { metricsRoutes } from './rest/metrics';
import { parityRoutes } from './rest/parity';
import { partnerRoutes } from './rest/partners';
import { replayRoutes } from './rest/replays';
import { runRoutes } from './rest/runs';
import { savedViewRoutes } from './rest/saved-views';
import { streamRoute } from './rest/stream';
import { traceRoutes } from './rest/trace';
import type { Route } from './route';

export const routes: readonly Route[] = [
  ...caseRoutes,
  ...traceRoutes,
  ...factRoutes,
  ...deadLetterRoutes,
  ...replayRoutes,
  ...runRoutes,
  ...partnerRoutes,
  ...parityRoutes,
  ...auditRoutes,
  ...metricsRoutes,
  ...savedViewRoutes,
  meRoute,
  streamRoute,
  describeRoute(() => routes),
];
