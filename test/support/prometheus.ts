/** Reads what a Prometheus expression names, as far as rules and dashboards of ours go: metrics, and the labels they are asked for. */
export interface NamedMetric {
  name: string;
  /** Label to the values that a matcher lists; undefined for a free pattern. */
  labels: Map<string, string[] | undefined>;
}

const words = new Set(
  (
    'sum avg min max count topk rate increase changes avg_over_time histogram_quantile by without on ignoring ' +
    'group_left group_right and or unless bool offset'
  ).split(' '),
);

/** @returns metrics in order of appearance, and the labels of `by` and `on` */
export function readExpression(expression: string): { metrics: NamedMetric[]; groupedBy: string[] } {
  const groupedBy: string[] = [];
  const rest = expression
    .replace(/\b(?:by|on|without|ignoring)\s*\(([^)]*)\)/g, (_all, labels: string) => {
      groupedBy.push(...labels.split(',').map((label) => label.trim()));
      return ' ';
    })
    .replace(/\[[^\]]*\]/g, ' ')
    .replace(/offset\s+\S+/g, ' ');
  const metrics: NamedMetric[] = [];
  for (const [, name = '', matchers] of rest.matchAll(
    /(?<![\w"{=~,])([a-z_]\w*)\b(?!\s*\()(?:\{([^}]*)\})?/g,
  )) {
    if (words.has(name)) continue;
    const labels = new Map<string, string[] | undefined>();
    for (const [, label = '', , value = ''] of (matchers ?? '').matchAll(/(\w+)(=~|!=|!~|=)"([^"]*)"/g))
      labels.set(label, /[.*+]/.test(value) ? undefined : value.split('|'));
    metrics.push({ name, labels });
  }
  return { metrics, groupedBy };
}
