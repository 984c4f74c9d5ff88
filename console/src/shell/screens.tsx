/** Address to screen. Each screen is loaded when it is first shown. */
import { lazy, Suspense } from 'react';
import { Route, Routes } from 'react-router';
import { Loading } from '../parts/loading';
import { NotFound } from './not-found';

const Overview = lazy(async () => ({ default: (await import('../screens/overview')).Overview }));
const Cases = lazy(async () => ({ default: (await import('../screens/cases')).Cases }));
const CaseScreen = lazy(async () => ({ default: (await import('../screens/case')).CaseScreen }));
const TraceScreen = lazy(async () => ({ default: (await import('../screens/trace')).TraceScreen }));

export function Screens() {
  return (
    <Suspense fallback={<Loading />}>
      <Routes>
        <Route path="/" element={<Overview />} />
        <Route path="/cases" element={<Cases />} />
        <Route path="/cases/:id" element={<CaseScreen />} />
        <Route path="/trace" element={<TraceScreen />} />
        <Route path="*" element={<NotFound />} />
      </Routes>
    </Suspense>
  );
}
