/** Every REST call with the role it asks for: routing, authorisation, validation and docs/openapi.json all read this table. */
import { alertRoutes } from './rest/alerts';
import { auditRoutes } from './rest/audit';
import { backtestRoutes } from './rest/backtests';
import { caseRoutes } from './rest/cases';
import { deadLetterRoutes } from './rest/dead-letters';
import { describeRoute } from './rest/describe';
import { factRoutes } from './rest/facts';
import { flowRoutes } from './rest/flows';
import { metricsRoutes } from './rest/metrics';
import { parityRoutes } from './rest/parity';
import { partnerRoutes } from './rest/partners';
import { replayRoutes } from './rest/replays';
import { runRoutes } from './rest/runs';
import { savedViewRoutes } from './rest/saved-views';
import { signInRoutes } from './rest/sign-in';
import { streamRoute } from './rest/stream';
import { templateRoutes } from './rest/templates';
import { tokenRoutes } from './rest/tokens';
import { traceRoutes } from './rest/trace';
import { userRoutes } from './rest/users';
import type { Route } from './route';

export const routes: readonly Route[] = [
  ...caseRoutes,
  ...traceRoutes,
  ...factRoutes,
  ...deadLetterRoutes,
  ...replayRoutes,
  ...runRoutes,
  ...backtestRoutes,
  ...partnerRoutes,
  ...flowRoutes,
  ...parityRoutes,
  ...templateRoutes,
  ...alertRoutes,
  ...auditRoutes,
  ...signInRoutes,
  ...userRoutes,
  ...tokenRoutes,
  ...metricsRoutes,
  ...savedViewRoutes,
  streamRoute,
  describeRoute(() => routes),
];
