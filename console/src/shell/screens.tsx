/** Address to screen. Each screen is loaded when it is first shown. */
import { lazy, Suspense } from 'react';
import { Route, Routes } from 'react-router';
import { Loading } from '../parts/loading';
import { NotFound } from './not-found';

const Overview = lazy(async () => ({ default: (await import('../screens/overview')).Overview }));
const Cases = lazy(async () => ({ default: (await import('../screens/cases')).Cases }));
const CaseScreen = lazy(async () => ({ default: (await import('../screens/case')).CaseScreen }));
const DeadLetters = lazy(async () => ({ default: (await import('../screens/dead-letters')).DeadLetters }));
const Letter = lazy(async () => ({ default: (await import('../screens/dead-letters/letter')).Letter }));
const Replays = lazy(async () => ({ default: (await import('../screens/replays')).Replays }));
const ReplayScreen = lazy(async () => ({
  default: (await import('../screens/replays/replay')).ReplayScreen,
}));
const Partners = lazy(async () => ({ default: (await import('../screens/partners')).Partners }));
const PartnerScreen = lazy(async () => ({
  default: (await import('../screens/partners/partner')).PartnerScreen,
}));
const Audit = lazy(async () => ({ default: (await import('../screens/audit')).Audit }));
const Analytics = lazy(async () => ({ default: (await import('../screens/analytics')).Analytics }));
const Admin = lazy(async () => ({ default: (await import('../screens/admin')).Admin }));
const TraceScreen = lazy(async () => ({ default: (await import('../screens/trace')).TraceScreen }));

export function Screens() {
  return (
    <Suspense fallback={<Loading />}>
      <Routes>
        <Route path="/" element={<Overview />} />
        <Route path="/cases" element={<Cases />} />
        <Route path="/cases/:id" element={<CaseScreen />} />
        <Route path="/trace" element={<TraceScreen />} />
        <Route path="/dead-letters" element={<DeadLetters />} />
        <Route path="/dead-letters/:id" element={<Letter />} />
        <Route path="/replays" element={<Replays />} />
        <Route path="/replays/:id" element={<ReplayScreen />} />
        <Route path="/partners" element={<Partners />} />
        <Route path="/partners/:id" element={<PartnerScreen />} />
        <Route path="/audit" element={<Audit />} />
        <Route path="/analytics" element={<Analytics />} />
        <Route path="/admin" element={<Admin />} />
        <Route path="*" element={<NotFound />} />
      </Routes>
    </Suspense>
  );
}
