/** Times as people at work need them: how long ago, how long still, and the exact instant on request. */
import { useEffect, useState } from 'react';
import { useWords } from '../i18n/use-words';

const tickMs = 30_000;

/** Now, renewed twice a minute. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), tickMs);
    return () => clearInterval(timer);
  }, []);
  return now;
}

export function Since({ at }: { at: string }) {
  const { t, duration, exactTime } = useWords();
  const now = useNow();
  return (
    <time dateTime={at} title={exactTime(at)}>
      {t('time.ago', { duration: duration(Math.max(0, now - Date.parse(at))) })}
    </time>
  );
}

export function At({ at }: { at: string }) {
  const { dateTime, exactTime } = useWords();
  return (
    <time dateTime={at} title={exactTime(at)}>
      {dateTime(at)}
    </time>
  );
}

/** What is left until a time, or by how much it is past; the tone turns before it is too late. */
export function Due({ at }: { at: string }) {
  const { t, duration, exactTime } = useWords();
  const left = Date.parse(at) - useNow();
  const tone = left < 0 ? 's1' : left < 3_600_000 ? 's2' : left < 4 * 3_600_000 ? 's3' : 's4';
  const words =
    left < 0 ? t('time.over', { duration: duration(left) }) : t('time.left', { duration: duration(left) });
  return (
    <time className="tag" data-tone={tone} dateTime={at} title={exactTime(at)}>
      {words}
    </time>
  );
}
