import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { flowQuery, runQuery } from '../../api/queries';
import type { Run, RunDetail, TraceStep } from '../../api/types';
import { useWords } from '../../i18n/use-words';
import { Asked } from '../../parts/asked';
import { EditorLink } from '../../parts/editor-link';
import { Panel } from '../../parts/panel';
import classes from './case.module.css';
import { drawnNodes } from './drawn-nodes';
import { FlowMap } from './flow-map';

interface RunPanelProps {
  runs: Run[];
  id: string;
  onChoose(id: string): void;
}

/** One run, drawn on its flow. */
export function RunPanel({ runs, id, onChoose }: RunPanelProps) {
  const { t, say, clockTime } = useWords();
  const query = useQuery(runQuery(id));
  return (
    <Panel title={t('run.title')} note={query.data && noteOf(query.data, t)}>
      {runs.length > 1 && (
        <div className={classes.runs} role="group" aria-label={t('run.choose')}>
          {runs.map((run) => (
            <button
              key={run.id}
              type="button"
              className={classes.run}
              aria-pressed={run.id === id}
              onClick={() => onChoose(run.id)}
            >
              {clockTime(run.createdAt)} · {say('runKind', run.kind)} · {say('runState', run.state)}
            </button>
          ))}
        </div>
      )}
      <Asked query={query}>{(detail) => <Drawn detail={detail} />}</Asked>
    </Panel>
  );
}

function noteOf({ flow }: RunDetail, t: ReturnType<typeof useWords>['t']): string {
  if (!flow) return t('run.noFlow');
  return t('run.flow', { label: flow.label, version: flow.version ?? '?' });
}

/** The flow at the version that ran. */
function Canvas({
  id,
  label,
  version,
  steps,
}: {
  id: string;
  label: string;
  version: string;
  steps: TraceStep[];
}) {
  const { data } = useQuery(flowQuery(id, version));
  const nodes = useMemo(() => drawnNodes(data?.nodes ?? []), [data]);
  return nodes.length === 0 ? null : <FlowMap label={label} nodes={nodes} steps={steps} />;
}

function Drawn({ detail: { run, flow } }: { detail: RunDetail }) {
  const { t } = useWords();
  const steps = run.trace ?? [];
  return (
    <>
      {flow?.version !== undefined && (
        <Canvas id={flow.flowId} label={flow.label} version={flow.version} steps={steps} />
      )}
      {run.lastError && <p className={classes.error}>{run.lastError.message}</p>}
      <details style={{ marginTop: 10 }}>
        <summary style={{ cursor: 'pointer', fontSize: '0.85rem' }}>
          {t('run.steps', { count: steps.length })}
        </summary>
        <ol className={classes.steps}>
          {steps.map((step, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a node may be visited twice in the same millisecond; steps never move
            <li key={`${step.nodeId} ${step.at} ${index}`}>
              <span className="dim">{index + 1}</span>
              <span>
                <EditorLink className="link" nodeId={step.nodeId}>
                  {nameOf(step)}
                </EditorLink>{' '}
                <span className="dim">{step.nodeType}</span>
                {step.error !== undefined && <div className={classes.error}>{step.error}</div>}
              </span>
              <span className="dim">
                {step.durationMs === undefined ? '' : `${Math.round(step.durationMs)} ms`}
              </span>
            </li>
          ))}
        </ol>
      </details>
    </>
  );
}

function nameOf(step: { nodeId: string; nodeName?: unknown }): string {
  return typeof step.nodeName === 'string' && step.nodeName !== '' ? step.nodeName : step.nodeId;
}
