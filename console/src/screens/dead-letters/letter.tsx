import { Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { letterQuery, meQuery } from '../../api/queries';
import type { DeadLetter } from '../../api/types';
import { useWords } from '../../i18n/use-words';
import { Asked } from '../../parts/asked';
import { EditorLink } from '../../parts/editor-link';
import { Json } from '../../parts/json';
import { Panel } from '../../parts/panel';
import { Screen } from '../../parts/screen';
import { Tag } from '../../parts/tags';
import { At } from '../../parts/times';
import { Repair } from './repair';

/** One dead letter: what is wrong, where, and the payload to repair it. */
export function Letter() {
  const { id = '' } = useParams();
  const { t } = useWords();
  const query = useQuery(letterQuery(id));
  return (
    <Screen
      title={query.data ? query.data.reason.code : t('letter.title')}
      actions={
        <Link className="link" to="/dead-letters">
          {t('letter.all')}
        </Link>
      }
    >
      <Asked query={query}>{(letter) => <Detail letter={letter} />}</Asked>
    </Screen>
  );
}

function Detail({ letter }: { letter: DeadLetter }) {
  const { t, say } = useWords();
  const { data: me } = useQuery(meQuery);
  const { reason } = letter;
  return (
    <>
      <Panel title={reason.message} note={reason.hint}>
        <Group gap="md" style={{ fontSize: '0.86rem' }}>
          <Tag tone={letter.state === 'open' ? 's2' : 'good'}>{say('letterState', letter.state)}</Tag>
          {letter.partner !== undefined && (
            <Link className="link" to={`/partners/${letter.partner}`}>
              {letter.partner}
            </Link>
          )}
          <span className="dim">
            <At at={letter.at} /> · {t('letter.attempt', { attempt: letter.attempt })}
          </span>
          {reason.nodeId !== undefined && (
            <EditorLink className="link" nodeId={reason.nodeId}>
              {t('letter.node', { node: reason.nodeId })}
            </EditorLink>
          )}
        </Group>
      </Panel>
      {me?.roles.includes('operator') === true && <Repair letter={letter} />}
      {letter.message !== undefined && (
        <Panel title={t('letter.message')} note={t('letter.messageNote')}>
          <Json value={letter.message} label={t('letter.message')} />
        </Panel>
      )}
    </>
  );
}
