import { Button } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { IconFilter } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { casesQuery, facetsQuery } from '../../api/queries';
import { useWords } from '../../i18n/use-words';
import { Failure } from '../../parts/failure';
import { Screen } from '../../parts/screen';
import { useNow } from '../../parts/times';
import { BulkBar } from './bulk-bar';
import { CaseList } from './case-list';
import classes from './cases.module.css';
import { Facets } from './facets';
import { SavedViews } from './saved-views';
import { useSelection } from './selection';
import { Toolbar } from './toolbar';
import { useView } from './view';

export function Cases() {
  const { t, number } = useWords();
  const view = useView(useNow());
  const list = useInfiniteQuery(casesQuery(view.query));
  const { sort: _sort, ...filter } = view.query;
  const facets = useQuery(facetsQuery(filter));
  const items = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const selection = useSelection();
  const wide = useMediaQuery('(min-width: 75em)', true, { getInitialValueInEffect: false });
  const [filtersOpen, filters] = useDisclosure(false);
  const total = facets.data?.total;
  return (
    <Screen
      title={total === undefined ? t('nav.cases') : t('cases.title', { count: number(total) })}
      actions={
        <>
          {!wide && (
            <Button
              variant="default"
              size="xs"
              leftSection={<IconFilter size={16} />}
              onClick={filters.toggle}
              aria-expanded={filtersOpen}
            >
              {t('cases.filters')}
            </Button>
          )}
          <SavedViews view={view} />
        </>
      }
    >
      <Toolbar view={view} />
      <div className={classes.body} data-filters={wide || filtersOpen}>
        {(wide || filtersOpen) && <Facets view={view} facets={facets.data} />}
        <div style={{ minWidth: 0, display: 'grid', gap: 10, alignContent: 'start' }}>
          {selection.size > 0 && <BulkBar selection={selection} view={view} total={total ?? 0} />}
          {list.error ? (
            <Failure error={list.error} onRetry={() => void list.refetch()} />
          ) : (
            <CaseList
              items={items}
              total={total ?? items.length}
              loading={list.isPending}
              onNearEnd={() => {
                if (list.hasNextPage && !list.isFetching) void list.fetchNextPage();
              }}
              selection={selection}
            />
          )}
        </div>
      </div>
    </Screen>
  );
}
