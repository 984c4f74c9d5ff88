/** The flow as it stands on the canvas, with the path that the run took. Every node leads to itself in the editor. */
import type { DrawnNode, TraceStep } from '../../api/types';
import { useWords } from '../../i18n/use-words';
import { EditorLink } from '../../parts/editor-link';
import classes from './case.module.css';

const nodeHeight = 34;
const margin = 24;

/** As wide as the editor draws it, in steps of its grid. */
const labelOf = (node: DrawnNode): string => node.name || node.type.replace(/^reroute-/, '');
const widthOf = (node: DrawnNode): number =>
  Math.max(100, 20 * Math.ceil((labelOf(node).length * 7.2 + 46) / 20));
const edges = (nodes: DrawnNode[]) => ({
  left: Math.min(...nodes.map((node) => node.x - widthOf(node) / 2)) - margin,
  right: Math.max(...nodes.map((node) => node.x + widthOf(node) / 2)) + margin,
  top: Math.min(...nodes.map(({ y }) => y)) - nodeHeight / 2 - margin,
  bottom: Math.max(...nodes.map(({ y }) => y)) + nodeHeight / 2 + margin,
});

interface FlowMapProps {
  label: string;
  nodes: DrawnNode[];
  steps: TraceStep[];
}

export function FlowMap({ label, nodes, steps }: FlowMapProps) {
  const { t } = useWords();
  const visits = visitsOf(steps);
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const { left, right, top, bottom } = edges(nodes);
  const [width, height] = [right - left, bottom - top];
  return (
    <div className={classes.canvas} tabIndex={0} role="region" aria-label={t('run.map', { label: label })}>
      <svg
        width={width * 0.82}
        height={height * 0.82}
        viewBox={`${left} ${top} ${width} ${height}`}
        role="group"
        aria-label={label}
      >
        <g fill="none">
          {nodes.flatMap((node) =>
            node.wires.flat().map((target) => {
              const to = byId.get(target);
              if (!to) return null;
              const taken = visits.has(node.id) && visits.has(target) && follows(visits, node.id, target);
              return (
                <path
                  key={`${node.id} ${target}`}
                  d={wire(node, to)}
                  stroke={taken ? 'var(--rr-info)' : 'var(--rr-line)'}
                  strokeWidth={taken ? 3 : 2}
                />
              );
            }),
          )}
        </g>
        {[...nodes]
          .sort((a, b) => (visits.get(a.id)?.order ?? 1e9) - (visits.get(b.id)?.order ?? 1e9))
          .map((node) => (
            <Node key={node.id} node={node} visit={visits.get(node.id)} />
          ))}
        {nodes.map((node) => {
          const visit = visits.get(node.id);
          return visit && <Badge key={node.id} node={node} visit={visit} />;
        })}
      </svg>
    </div>
  );
}

interface Visit {
  order: number;
  times: number;
  failed: boolean;
}

function visitsOf(steps: TraceStep[]): Map<string, Visit> {
  const visits = new Map<string, Visit>();
  for (const [index, step] of steps.entries()) {
    const before = visits.get(step.nodeId);
    visits.set(step.nodeId, {
      order: before?.order ?? index + 1,
      times: (before?.times ?? 0) + 1,
      failed: (before?.failed ?? false) || step.error !== undefined,
    });
  }
  return visits;
}

const follows = (visits: Map<string, Visit>, from: string, to: string): boolean =>
  (visits.get(from)?.order ?? 0) < (visits.get(to)?.order ?? 0);

function wire(from: DrawnNode, to: DrawnNode): string {
  const [x1, x2] = [from.x + widthOf(from) / 2, to.x - widthOf(to) / 2];
  const bend = Math.max(30, Math.abs(x2 - x1) / 2);
  return `M ${x1} ${from.y} C ${x1 + bend} ${from.y}, ${x2 - bend} ${to.y}, ${x2} ${to.y}`;
}

function Node({ node, visit }: { node: DrawnNode; visit: Visit | undefined }) {
  const { t } = useWords();
  const tone = visit === undefined ? undefined : visit.failed ? 's1' : 'info';
  const label = labelOf(node);
  const width = widthOf(node);
  const words =
    visit === undefined
      ? t('run.notVisited', { node: label })
      : t('run.visited', { node: label, order: visit.order });
  return (
    <EditorLink nodeId={node.id} label={words} drawn>
      <rect
        x={node.x - width / 2}
        y={node.y - nodeHeight / 2}
        width={width}
        height={nodeHeight}
        rx={8}
        fill={tone === undefined ? 'var(--rr-panel)' : `var(--rr-${tone}-soft)`}
        stroke={tone === undefined ? 'var(--rr-line)' : `var(--rr-${tone})`}
        strokeWidth={tone === undefined ? 1.5 : 2}
      />
      <text
        x={node.x - width / 2 + 12}
        y={node.y + 4.5}
        fontSize={13}
        fontWeight={tone === undefined ? 400 : 600}
        fill={tone === undefined ? 'var(--rr-dim)' : `var(--rr-${tone})`}
      >
        {label}
      </text>
    </EditorLink>
  );
}

/** Outside of the node's link: the link's own words say the step already. */
function Badge({ node, visit }: { node: DrawnNode; visit: Visit }) {
  const tone = visit.failed ? 's1' : 'info';
  const width = widthOf(node);
  return (
    <g aria-hidden style={{ pointerEvents: 'none' }}>
      <circle cx={node.x + width / 2 - 4} cy={node.y - nodeHeight / 2} r={10} fill={`var(--rr-${tone})`} />
      <text
        x={node.x + width / 2 - 4}
        y={node.y - nodeHeight / 2 + 4}
        fontSize={11}
        fontWeight={700}
        textAnchor="middle"
        fill="var(--rr-panel)"
      >
        {visit.order}
      </text>
    </g>
  );
}
