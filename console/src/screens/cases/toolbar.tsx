import { Button, NativeSelect, TextInput } from '@mantine/core';
import { IconSearch, IconX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useWords } from '../../i18n/use-words';
import classes from './cases.module.css';
import { dueChoices, sorts, type View } from './view';

export function Toolbar({ view }: { view: View }) {
  const { t } = useWords();
  const { params } = view;
  const narrowed = [...params.keys()].some((name) => name !== 'sort');
  return (
    <div className={classes.toolbar}>
      <Search view={view} />
      <NativeSelect
        size="sm"
        aria-label={t('cases.due')}
        value={params.get('due') ?? ''}
        onChange={(event) => view.set('due', event.currentTarget.value || null)}
        data={[
          { value: '', label: t('cases.due.any') },
          ...Object.keys(dueChoices).map((value) => ({
            value,
            label: t(`cases.due.${value as keyof typeof dueChoices}`),
          })),
        ]}
      />
      <NativeSelect
        size="sm"
        aria-label={t('cases.sort')}
        value={params.get('sort') ?? '-detectedAt'}
        onChange={(event) => view.set('sort', event.currentTarget.value)}
        data={sorts.map((value) => ({ value, label: t(`cases.sort.${value}`) }))}
      />
      {(params.has('detectedFrom') || params.has('detectedTo')) && <TimeChip view={view} />}
      {narrowed && (
        <Button variant="subtle" size="sm" leftSection={<IconX size={15} />} onClick={view.clear}>
          {t('cases.clear')}
        </Button>
      )}
    </div>
  );
}

function Search({ view }: { view: View }) {
  const { t } = useWords();
  const asked = view.params.get('q') ?? '';
  const [typed, setTyped] = useState(asked);
  useEffect(() => setTyped(asked), [asked]);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        view.set('q', typed.trim() || null);
      }}
      style={{ flex: '1 1 260px', maxWidth: 420 }}
    >
      <TextInput
        size="sm"
        leftSection={<IconSearch size={16} aria-hidden />}
        placeholder={t('cases.search')}
        aria-label={t('cases.search')}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
    </form>
  );
}

function TimeChip({ view }: { view: View }) {
  const { t, dateTime } = useWords();
  const word = (name: string): string => {
    const value = view.params.get(name);
    return value === null ? '…' : dateTime(value);
  };
  return (
    <Button
      variant="light"
      size="xs"
      rightSection={<IconX size={14} aria-hidden />}
      onClick={() => {
        view.set('detectedFrom', null);
        view.set('detectedTo', null);
      }}
    >
      {t('cases.detectedBetween', { from: word('detectedFrom'), to: word('detectedTo') })}
    </Button>
  );
}
