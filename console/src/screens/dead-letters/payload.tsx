/** A payload with the places marked that could not be read. Text of partners is shown as text, never as markup. */
import { useWords } from '../../i18n/use-words';
import { linesOf } from './json-lines';

export function Payload({ text, places }: { text: string; places: string[] }) {
  const { t } = useWords();
  const lines = linesOf(text);
  const marked = (pointer: string | undefined): boolean =>
    pointer !== undefined &&
    places.some((place) => place !== '' && (pointer === place || pointer.startsWith(`${place}/`)));
  return (
    <pre
      className="payload"
      style={{ maxHeight: 480 }}
      tabIndex={0}
      role="region"
      aria-label={t('repair.raw')}
    >
      {lines.map(({ text: line, pointer }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines of a text that never changes
        <span key={index}>
          {marked(pointer) ? <mark>{line}</mark> : line}
          {'\n'}
        </span>
      ))}
    </pre>
  );
}
