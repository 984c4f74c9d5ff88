import { useState } from 'react';
import type { Facets as FacetsData } from '../../api/types';
import { useWords } from '../../i18n/use-words';
import classes from './cases.module.css';
import { type Field, fields, type View } from './view';

const shownAtFirst = 7;

export function Facets({ view, facets }: { view: View; facets: FacetsData | undefined }) {
  const { t } = useWords();
  return (
    <section className={`panel ${classes.facets}`} aria-label={t('cases.filters')} tabIndex={0}>
      {fields.map((field) => (
        <Facet key={field} field={field} view={view} counts={facets?.facets[field] ?? []} />
      ))}
    </section>
  );
}

interface FacetProps {
  field: Field;
  view: View;
  counts: { value: string; count: number }[];
}

function Facet({ field, view, counts }: FacetProps) {
  const { t } = useWords();
  const [all, setAll] = useState(false);
  const chosen = view.values(field);
  // What is chosen stays in sight, even when nothing fits it any more.
  const gone = chosen.filter((value) => value !== 'all' && !counts.some((item) => item.value === value));
  const known = [...gone.map((value) => ({ value, count: 0 })), ...counts].filter(
    ({ value }) => value !== '' || field === 'assignee',
  );
  const shown = all ? known : known.slice(0, shownAtFirst);
  if (known.length === 0) return null;
  return (
    <fieldset className={classes.facet}>
      <legend>{t(`field.${field}`)}</legend>
      {shown.map((item) => (
        <Value
          key={item.value}
          field={field}
          {...item}
          chosen={chosen.includes(item.value)}
          onToggle={view.toggle}
        />
      ))}
      {known.length > shownAtFirst && (
        <button type="button" className={classes.more} onClick={() => setAll(!all)} aria-expanded={all}>
          {all ? t('cases.fewer') : t('cases.more', { count: known.length - shownAtFirst })}
        </button>
      )}
    </fieldset>
  );
}

interface ValueProps {
  field: Field;
  value: string;
  count: number;
  chosen: boolean;
  onToggle(field: Field, value: string): void;
}

const spoken: Partial<Record<Field, string>> = { state: 'state', code: 'code', severity: 'severity' };

function Value({ field, value, count, chosen, onToggle }: ValueProps) {
  const { t, say, number } = useWords();
  const prefix = spoken[field];
  const words = value === '' ? t('cases.nobody') : prefix === undefined ? value : say(prefix, value);
  return (
    <label className={classes.value}>
      <input type="checkbox" checked={chosen} onChange={() => onToggle(field, value)} />
      <span className={classes.valueName} title={words}>
        {words}
      </span>
      <span className={classes.valueCount}>{number(count)}</span>
    </label>
  );
}
