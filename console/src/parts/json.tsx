/** Any value as indented JSON. Text of partners is shown as text, never as markup. */
export function Json({
  value,
  label,
  maxHeight = 360,
}: {
  value: unknown;
  label: string;
  maxHeight?: number;
}) {
  return (
    <pre className="payload" style={{ maxHeight }} tabIndex={0} role="region" aria-label={label}>
      {JSON.stringify(value, undefined, 2)}
    </pre>
  );
}
