import { Button, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useEffect, useState } from 'react';
import { useSearchParams } from 'react-router';
import { ApiError } from '../../api/client';
import { traceQuery } from '../../api/queries';
import { useWords } from '../../i18n/use-words';
import { Failure } from '../../parts/failure';
import { Loading } from '../../parts/loading';
import { Screen } from '../../parts/screen';
import { TraceView } from './trace-view';

/** One order from end to end, by any of its identifiers. */
export function TraceScreen() {
  const { t } = useWords();
  const [params, setParams] = useSearchParams();
  const identifier = params.get('identifier') ?? '';
  const [typed, setTyped] = useState(identifier);
  useEffect(() => setTyped(identifier), [identifier]);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setParams(typed.trim() === '' ? {} : { identifier: typed.trim() });
  };
  return (
    <Screen title={identifier === '' ? t('nav.trace') : t('trace.title', { identifier })}>
      <form onSubmit={submit} style={{ display: 'flex', gap: 8, maxWidth: 560 }}>
        <TextInput
          style={{ flex: 1 }}
          leftSection={<IconSearch size={16} aria-hidden />}
          placeholder={t('trace.placeholder')}
          aria-label={t('trace.placeholder')}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Button type="submit">{t('trace.submit')}</Button>
      </form>
      {identifier === '' ? <p className="dim">{t('trace.lead')}</p> : <Found identifier={identifier} />}
    </Screen>
  );
}

function Found({ identifier }: { identifier: string }) {
  const { t } = useWords();
  const query = useQuery(traceQuery(identifier));
  if (query.data) return <TraceView key={identifier} trace={query.data} />;
  if (query.error instanceof ApiError && query.error.status === 404)
    return <p role="status">{t('trace.nothing', { identifier })}</p>;
  if (query.error) return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  return <Loading />;
}
