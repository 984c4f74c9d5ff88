import { Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { caseQuery } from '../../api/queries';
import type { CaseDetail } from '../../api/types';
import { useWords } from '../../i18n/use-words';
import { Asked } from '../../parts/asked';
import { Screen } from '../../parts/screen';
import { SeverityTag, StateTag } from '../../parts/tags';
import { Actions } from './actions';
import classes from './case.module.css';
import { ClocksPanel } from './clocks';
import { EffectsPanel } from './effects';
import { EvidencePanel } from './evidence';
import { Identity } from './identity';
import { RunPanel } from './run-panel';
import { Story } from './story';
import { TimelinePanel } from './timeline';

export function CaseScreen() {
  const { id = '' } = useParams();
  const { t, say } = useWords();
  const query = useQuery(caseQuery(id));
  const title = query.data ? say('code', query.data.case.code) : t('case.title');
  return (
    <Screen title={title} actions={query.data && <Actions detail={query.data} />}>
      <Asked query={query}>{(detail) => <Detail detail={detail} />}</Asked>
    </Screen>
  );
}

function Detail({ detail }: { detail: CaseDetail }) {
  const { t } = useWords();
  const { case: state, runs } = detail;
  const [runId, setRunId] = useState<string>();
  const latest = runs.findLast((run) => (run.trace?.length ?? 0) > 0) ?? runs.at(-1);
  const order = state.identifiers.orderNumber?.[0]?.value;
  return (
    <>
      <Group gap="xs">
        <SeverityTag severity={state.severity} />
        <StateTag state={state.state} />
        {state.level > 0 && (
          <span className="tag" data-tone="s1">
            {t('case.escalated', { level: state.level })}
          </span>
        )}
        <Link className="link" to={`/trace?identifier=${encodeURIComponent(order ?? state.subject)}`}>
          {order === undefined ? state.subject : t('atRisk.order', { order })}
        </Link>
        <span className="dim">
          {state.partner}
          {state.warehouse !== undefined && ` · ${state.warehouse}`}
          {state.region !== undefined && ` · ${state.region}`}
        </span>
      </Group>
      <div className={classes.columns}>
        <div className={classes.main}>
          <Story detail={detail} />
          <EffectsPanel detail={detail} />
          {latest && <RunPanel runs={runs} id={runId ?? latest.id} onChoose={setRunId} />}
          <TimelinePanel entries={detail.timeline} />
        </div>
        <aside className={classes.side} aria-label={t('case.aside')}>
          <ClocksPanel detail={detail} />
          <Identity state={state} />
          <EvidencePanel detail={detail} />
        </aside>
      </div>
    </>
  );
}
