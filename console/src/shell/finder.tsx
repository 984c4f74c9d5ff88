/** The search that is a key away: screens, cases by any identifier, and the trace of what was typed. */

import { useDebouncedValue } from '@mantine/hooks';
import { createSpotlight, Spotlight, type SpotlightActionGroupData } from '@mantine/spotlight';
import { IconRoute, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { findCasesQuery } from '../api/queries';
import { useWords } from '../i18n/use-words';
import { places } from './places';

const [store, finder] = createSpotlight();
export const openFinder = finder.open;

export function Finder() {
  const { t, say } = useWords();
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const [wanted] = useDebouncedValue(typed.trim(), 150);
  const { data } = useQuery({ ...findCasesQuery(wanted), enabled: wanted.length >= 2 });
  const go = (path: string) => () => void navigate(path);
  const groups: SpotlightActionGroupData[] = [
    {
      group: t('finder.identifier'),
      actions: [
        ...(data?.items ?? []).map((item) => ({
          id: item.id,
          label: say('code', item.code),
          description: `${item.subject} · ${say('state', item.state)} · ${item.severity}`,
          keywords: [typed],
          onClick: go(`/cases/${item.id}`),
        })),
        ...(wanted === ''
          ? []
          : [
              {
                id: 'trace',
                label: t('finder.trace', { identifier: wanted }),
                keywords: [typed],
                leftSection: <IconRoute size={18} />,
                onClick: go(`/trace?identifier=${encodeURIComponent(wanted)}`),
              },
              {
                id: 'list',
                label: t('finder.list', { identifier: wanted }),
                keywords: [typed],
                leftSection: <IconSearch size={18} />,
                onClick: go(`/cases?q=${encodeURIComponent(wanted)}`),
              },
            ]),
      ],
    },
    {
      group: t('finder.screens'),
      actions: places.map(({ path, label, icon: Icon }) => ({
        id: path,
        label: t(label),
        leftSection: <Icon size={18} />,
        onClick: go(path),
      })),
    },
  ];
  return (
    <Spotlight
      store={store}
      actions={groups}
      query={typed}
      onQueryChange={setTyped}
      shortcut={['mod + K']}
      nothingFound={t('finder.nothing')}
      scrollable
      maxHeight={420}
      searchProps={{ placeholder: t('shell.search'), 'aria-label': t('shell.search') }}
    />
  );
}
