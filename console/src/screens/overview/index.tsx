import { useQuery } from '@tanstack/react-query';
import { overviewQuery } from '../../api/queries';
import type { Overview as OverviewData } from '../../api/types';
import { useWords } from '../../i18n/use-words';
import { Asked } from '../../parts/asked';
import { Screen } from '../../parts/screen';
import { AgingPanel } from './aging';
import { AlertsPanel } from './alerts';
import { AtRiskPanel } from './at-risk';
import { ByPanel } from './by';
import { FlowPanel } from './flow';
import { Headline } from './headline';
import classes from './overview.module.css';

export function Overview() {
  const { t } = useWords();
  const query = useQuery(overviewQuery);
  return (
    <Screen title={t('nav.overview')}>
      <Asked query={query}>{(data) => <Panels data={data} />}</Asked>
    </Screen>
  );
}

/** Sums are not kept for every limit of a caller: what is left out is said. */
function Unavailable({ names }: { names: string[] }) {
  const { t } = useWords();
  if (!names.includes('sla')) return null;
  return <p className="dim">{t('overview.unavailable')}</p>;
}

function Panels({ data }: { data: OverviewData }) {
  return (
    <>
      <Headline data={data} />
      <Unavailable names={data.unavailable} />
      <div className={classes.halves}>
        <AtRiskPanel clocks={data.clocks} />
        <div className={classes.stack}>
          <AlertsPanel />
          <AgingPanel aging={data.aging} />
        </div>
      </div>
      <div className={classes.halves}>
        <ByPanel by={data.by} />
        <FlowPanel data={data} />
      </div>
    </>
  );
}
