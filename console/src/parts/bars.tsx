/** A ranked list of counts with bars; each row leads to the list behind it. */
import { Link } from 'react-router';
import { useWords } from '../i18n/use-words';
import classes from './bars.module.css';

export interface Bar {
  label: string;
  count: number;
  to: string;
}

export function Bars({ bars, empty }: { bars: Bar[]; empty: string }) {
  const { number } = useWords();
  const most = Math.max(1, ...bars.map(({ count }) => count));
  if (bars.length === 0) return <p className="dim">{empty}</p>;
  return (
    <ol className={classes.list}>
      {bars.map(({ label, count, to }) => (
        <li key={to}>
          <Link to={to} className={classes.row ?? ''}>
            <span className={classes.bar} style={{ width: `${(count / most) * 100}%` }} aria-hidden />
            <span className={classes.label}>{label}</span>
            <span className={classes.count}>{number(count)}</span>
          </Link>
        </li>
      ))}
    </ol>
  );
}
