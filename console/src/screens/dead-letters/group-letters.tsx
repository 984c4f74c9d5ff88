import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { lettersQuery } from '../../api/queries';
import { useWords } from '../../i18n/use-words';
import { Asked } from '../../parts/asked';
import { At } from '../../parts/times';

export function GroupLetters({ fingerprint }: { fingerprint: string }) {
  const { t } = useWords();
  const query = useQuery(lettersQuery({ fingerprint, limit: 50 }));
  return (
    <Asked query={query}>
      {({ items, nextCursor }) => (
        <>
          <table className="grid" style={{ marginTop: 10 }}>
            <thead>
              <tr>
                <th scope="col">{t('letters.at')}</th>
                <th scope="col">{t('letters.message')}</th>
                <th scope="col" className="num">
                  {t('letters.attempts')}
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map((letter) => (
                <tr key={letter.id}>
                  <td>
                    <At at={letter.at} />
                  </td>
                  <td>
                    <Link className="link" to={`/dead-letters/${encodeURIComponent(letter.id)}`}>
                      {letter.reason.message}
                    </Link>
                  </td>
                  <td className="num">{letter.attempt}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {nextCursor !== null && <p className="dim">{t('letters.newestOnly')}</p>}
        </>
      )}
    </Asked>
  );
}
