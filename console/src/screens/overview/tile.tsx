import { Link } from 'react-router';
import classes from './tile.module.css';

interface TileProps {
  label: string;
  value: string;
  note?: string;
  tone?: 's1' | undefined;
  /** Where the list behind the number is. */
  to?: string;
}

export function Tile({ label, value, note, tone, to }: TileProps) {
  const number = (
    <span className={classes.value} style={tone && { color: `var(--rr-${tone})` }}>
      {value}
    </span>
  );
  return (
    <div>
      <div className={classes.label}>{label}</div>
      {to === undefined ? (
        number
      ) : (
        <Link className="plain" to={to} aria-label={`${label}: ${value}`}>
          {number}
        </Link>
      )}
      {note !== undefined && <div className={classes.note}>{note}</div>}
    </div>
  );
}
