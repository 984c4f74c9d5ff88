import { useQuery } from '@tanstack/react-query';
import { NavLink } from 'react-router';
import { overviewQuery } from '../api/queries';
import { useWords } from '../i18n/use-words';
import classes from './navigation.module.css';
import { places } from './places';

export function Navigation({ onChosen }: { onChosen(): void }) {
  const { t, number } = useWords();
  const { data } = useQuery(overviewQuery);
  const counts: Record<string, number | undefined> = {
    '/cases': data?.cases.open,
    '/dead-letters': data?.deadLetters.open,
  };
  return (
    <ul className={classes.list}>
      {places.map(({ path, label, icon: Icon }) => (
        <li key={path}>
          <NavLink
            to={path}
            end={path === '/'}
            className={classes.item ?? ''}
            onClick={onChosen}
            title={t(label)}
          >
            <Icon size={20} stroke={1.6} aria-hidden />
            <span className={classes.label}>{t(label)}</span>
            {(counts[path] ?? 0) > 0 && <span className={classes.count}>{number(counts[path] ?? 0)}</span>}
          </NavLink>
        </li>
      ))}
    </ul>
  );
}
