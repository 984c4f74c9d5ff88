/** Alert rules, runbooks and dashboards name what the runtime really exposes. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { parse } from 'yaml';
import { z } from 'zod';
import { Inbound } from '../../lib/gateway/inbound';
import { caseStateNames } from '../../lib/model/case-types';
import { promMeter } from '../../lib/runtime/meter';
import { watchRuntime } from '../../lib/runtime/metrics';
import { readProject, root } from '../support';
import { deploy, openTestEngine, type TestEngine, undeploy } from '../support/engine';
import { act, sinkNode, source } from '../support/flow-nodes';
import { PartnerServer } from '../support/partner-server';
import { readExpression } from '../support/prometheus';

const rules = z
  .strictObject({
    groups: z.array(
      z.strictObject({
        name: z.enum(['reroute-technical', 'reroute-business']),
        rules: z.array(
          z.strictObject({
            alert: z.string(),
            expr: z.string(),
            for: z
              .string()
              .regex(/^\d+[smh]$/)
              .optional(),
            labels: z.strictObject({
              severity: z.enum(['warning', 'critical']),
              audience: z.enum(['technical', 'business']),
            }),
            annotations: z.strictObject({ summary: z.string(), runbook_url: z.string() }),
          }),
        ),
      }),
    ),
  })
  .parse(parse(readProject('ops/prometheus/rules.yaml')));
const alerts = rules.groups.flatMap((group) => group.rules);

const dashboard = z.looseObject({
  uid: z.string(),
  panels: z.array(
    z.looseObject({ title: z.string(), targets: z.array(z.looseObject({ expr: z.string() })) }),
  ),
});
const dashboards = readdirSync(join(root, 'ops/grafana')).map((file) => ({
  file,
  ...dashboard.parse(JSON.parse(readProject(`ops/grafana/${file}`))),
}));

const expressions = [
  ...alerts.map(({ alert, expr }) => ({ where: alert, expr })),
  ...dashboards.flatMap(({ file, panels }) =>
    panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ where: `${file}, ${title}`, expr }))),
  ),
];

/** What Prometheus itself adds to every series. */
const scraped = ['job', 'instance', 'le'];
/** Made by Prometheus, not by us. */
const foreign = ['up'];

describe('what watches over Reroute', () => {
  const registry = new Registry();
  const exposed = new Map<string, readonly string[]>();
  const partner = new PartnerServer();
  let test: TestEngine;

  before(async () => {
    await partner.open();
    test = await openTestEngine({ endpoint: partner.url, meter: promMeter(registry) });
    watchRuntime(registry, test.engine, test.ledger, { maxBacklog: 7 });
    new Inbound({ intake: test.engine.intake, log: { info() {}, warn() {}, error() {} }, metrics: registry });
    const metrics = z.array(z.looseObject({ name: z.string(), labelNames: z.array(z.string()).default([]) }));
    for (const { name, labelNames } of metrics.parse(registry.getMetricsAsArray()))
      exposed.set(name, labelNames);
  });
  after(async () => {
    registry.clear();
    await test.close();
    await undeploy();
    await partner.close();
  });

  const labelsOf = (name: string) =>
    exposed.get(name) ?? exposed.get(name.replace(/_(bucket|count|sum)$/, ''));

  it('asks for metrics and labels that the runtime exposes', () => {
    for (const { where, expr } of expressions) {
      const { metrics, groupedBy } = readExpression(expr);
      assert.ok(metrics.length > 0, `${where} names no metric`);
      const known = new Set(scraped);
      for (const { name, labels } of metrics) {
        if (foreign.includes(name)) continue;
        const has = labelsOf(name);
        assert.ok(has, `${where}: the runtime exposes no ${name}`);
        for (const label of has) known.add(label);
        for (const label of labels.keys())
          assert.ok([...scraped, ...has].includes(label), `${where}: ${name} has no label ${label}`);
      }
      for (const label of groupedBy) assert.ok(known.has(label), `${where} groups by ${label}`);
    }
  });

  it('asks for states of cases that there are', () => {
    for (const { where, expr } of expressions)
      for (const { name, labels } of readExpression(expr).metrics)
        for (const value of name === 'reroute_cases' ? (labels.get('state') ?? []) : [])
          assert.ok((caseStateNames as readonly string[]).includes(value), `${where}: ${value}`);
  });

  it('reads expressions as Prometheus does', () => {
    const { metrics, groupedBy } = readExpression(
      'sum by (a, b) (rate(some_total{x=~"1|2", y="z"}[5m])) > 0.5 * max by (a) (other) offset 1h',
    );
    assert.deepEqual(
      metrics.map(({ name }) => name),
      ['some_total', 'other'],
    );
    assert.deepEqual(metrics[0]?.labels.get('x'), ['1', '2']);
    assert.deepEqual(groupedBy, ['a', 'b', 'a']);
  });

  it('has a runbook for every alert and an alert for every runbook', () => {
    const pages = alerts.map(({ annotations }) => annotations.runbook_url);
    for (const page of pages) assert.ok(existsSync(join(root, page)), page);
    const written = readdirSync(join(root, 'docs/runbooks')).map((file) => `docs/runbooks/${file}`);
    assert.deepEqual(written.sort(), pages.sort());
    for (const { alert, annotations } of alerts)
      assert.match(readProject(annotations.runbook_url), new RegExp(`^# ${alert}\n`));
  });

  it('keeps technical and business alerts apart, each name once', () => {
    for (const group of rules.groups)
      for (const { alert, labels } of group.rules)
        assert.equal(`reroute-${labels.audience}`, group.name, alert);
    assert.equal(new Set(alerts.map(({ alert }) => alert)).size, alerts.length);
  });

  it('fills labels of summaries that the alert keeps', () => {
    for (const { alert, expr, annotations } of alerts) {
      const { metrics, groupedBy } = readExpression(expr);
      const kept =
        groupedBy.length > 0
          ? groupedBy
          : [...scraped, ...metrics.flatMap(({ name }) => labelsOf(name) ?? [])];
      for (const [, label = ''] of annotations.summary.matchAll(/\$labels\.(\w+)/g))
        assert.ok(kept.includes(label), `${alert}: ${label}`);
    }
  });

  it('counts attempts, effects and dead letters as they happen', async () => {
    await deploy(test, [], [source('act'), act('act', 'keyed', 'sink'), sinkNode]);
    await test.deliver({ shipment: 'S1', seq: 1 });
    await test.quiet();
    partner.next.push(400);
    await test.deliver({ shipment: 'S2', seq: 1 });
    await test.quiet();
    const text = await registry.metrics();
    assert.match(text, /^reroute_attempt_seconds_count\{outcome="done"\} [12]$/m);
    assert.match(text, /^reroute_effects_total\{partner="p",kind="[a-z ]+",state="CONFIRMED"\} 1$/m);
    assert.match(text, /^reroute_effects_total\{partner="p",kind="[a-z ]+",state="FAILED"\} 1$/m);
    assert.match(text, /^reroute_effect_lag_seconds_count\{kind="[a-z ]+"\} 1$/m);
    assert.match(text, /^reroute_partner_calls_ok_total\{partner="p",kind="[a-z ]+"\} 1$/m);
    assert.match(text, /^reroute_ledger_commits_total [1-9]\d*$/m);
    assert.match(text, /^reroute_ledger_commit_seconds_total 0\.\d+$/m);
    assert.match(text, /^reroute_backlog_limit 7$/m);
    assert.match(text, /^# TYPE reroute_partner_calls_failed_total counter$/m);
  });

  it('counts again from zero for nobody: what is read twice is the same', async () => {
    const of = async () => /^reroute_partner_calls_ok_total\{.*$/m.exec(await registry.metrics())?.[0];
    assert.equal(await of(), await of());
  });
});
