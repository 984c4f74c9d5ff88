import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { partnersQuery } from '../../api/queries';
import type { Partner } from '../../api/types';
import { useWords } from '../../i18n/use-words';
import { Asked } from '../../parts/asked';
import { Panel } from '../../parts/panel';
import { Screen } from '../../parts/screen';
import { HealthTag } from './health';

export function Partners() {
  const { t } = useWords();
  const query = useQuery(partnersQuery);
  return (
    <Screen title={t('nav.partners')}>
      <Asked query={query}>
        {({ items }) => (
          <Panel title={t('partners.title', { count: items.length })} note={t('partners.note')}>
            <div style={{ overflowX: 'auto' }} tabIndex={0} role="region" aria-label={t('nav.partners')}>
              <table className="grid">
                <thead>
                  <tr>
                    <th scope="col">{t('field.partner')}</th>
                    <th scope="col">{t('partners.health')}</th>
                    <th scope="col">{t('partners.mode')}</th>
                    <th scope="col" className="num">
                      {t('partners.backlog')}
                    </th>
                    <th scope="col" className="num">
                      {t('partners.lane')}
                    </th>
                    <th scope="col" className="num">
                      {t('partners.failed')}
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {items.map((partner) => (
                    <Row key={partner.id} partner={partner} />
                  ))}
                </tbody>
              </table>
            </div>
          </Panel>
        )}
      </Asked>
    </Screen>
  );
}

function Row({ partner }: { partner: Partner }) {
  const { say, number } = useWords();
  const { id, title, region, mode, backlog, lane, calls } = partner;
  return (
    <tr>
      <td>
        <Link className="link" to={`/partners/${id}`}>
          {id}
        </Link>
        <div className="dim" style={{ fontSize: '0.8rem' }}>
          {[title, region].filter(Boolean).join(' · ')}
        </div>
      </td>
      <td>
        <HealthTag partner={partner} />
      </td>
      <td>{say('mode', mode)}</td>
      <td className="num">{number(backlog)}</td>
      <td className="num">{number(lane.waiting + lane.active)}</td>
      <td className="num">
        {number(calls.failed)} / {number(calls.ok + calls.failed)}
      </td>
    </tr>
  );
}
