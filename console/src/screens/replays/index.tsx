import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { replaysQuery } from '../../api/queries';
import { useWords } from '../../i18n/use-words';
import { Asked } from '../../parts/asked';
import { Panel } from '../../parts/panel';
import { Screen } from '../../parts/screen';
import { At } from '../../parts/times';
import { ReplayStateTag } from './replay-state';

export function Replays() {
  const { t, say } = useWords();
  const query = useQuery(replaysQuery);
  return (
    <Screen title={t('nav.replays')}>
      <Asked query={query}>
        {({ items }) => (
          <Panel title={t('replays.title')} note={t('replays.note')}>
            {items.length === 0 ? (
              <p className="dim">
                {t('replays.none')}{' '}
                <Link className="link" to="/dead-letters">
                  {t('nav.deadLetters')}
                </Link>
              </p>
            ) : (
              <table className="grid">
                <thead>
                  <tr>
                    <th scope="col">{t('plan.name')}</th>
                    <th scope="col">{t('plan.mode')}</th>
                    <th scope="col">{t('field.state')}</th>
                    <th scope="col">{t('replays.by')}</th>
                    <th scope="col">{t('replays.created')}</th>
                  </tr>
                </thead>
                <tbody>
                  {items.map((replay) => (
                    <tr key={replay.id}>
                      <td>
                        <Link className="link" to={`/replays/${replay.id}`}>
                          {replay.name}
                        </Link>
                        <div className="dim" style={{ fontSize: '0.8rem' }}>
                          {replay.reason}
                        </div>
                      </td>
                      <td>{say('replayMode', replay.mode)}</td>
                      <td>
                        <ReplayStateTag state={replay.state} />
                      </td>
                      <td>{replay.by}</td>
                      <td>
                        <At at={replay.createdAt} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
          </Panel>
        )}
      </Asked>
    </Screen>
  );
}
