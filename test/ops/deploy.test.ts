/** compose.yaml and the Helm chart, against the image, the environment and each other. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { environmentSchema, readEnvironment } from '../../lib/runtime/environment';
import { packageManifest, readProject, root } from '../support';
import { ChartRenderer } from '../support/chart';

const dockerfile = readProject('Dockerfile');
const port = Number(/^EXPOSE (\d+)$/m.exec(dockerfile)?.[1]);
const volume = /^VOLUME (\S+)$/m.exec(dockerfile)?.[1] ?? '';
const health = /fetch\('http:\/\/127\.0\.0\.1:' \+ process\.env\.PORT \+ '([^']+)'/.exec(dockerfile)?.[1];

/** @throws as a start does: each name must be a setting, and what comes from files is read */
function accepts(environment: Record<string, string>): void {
  const folder = mkdtempSync(join(tmpdir(), 'reroute-ops-'));
  try {
    const file = join(folder, 'secret');
    writeFileSync(file, 'a secret of sixteen characters or more\n');
    const here = Object.entries(environment).map(([name, value]) => [
      name,
      name.endsWith('_FILE') ? file : value,
    ]);
    readEnvironment({ NODE_ENV: 'production', ...Object.fromEntries(here) });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('compose.yaml', () => {
  const service = z.looseObject({
    image: z.string(),
    build: z.string().optional(),
    environment: z.record(z.string(), z.string()).default({}),
    volumes: z.array(z.string()).default([]),
    tmpfs: z.array(z.string()).default([]),
    ports: z.array(z.string()).default([]),
    secrets: z.array(z.string()).default([]),
    profiles: z.array(z.string()).default([]),
    depends_on: z.unknown().optional(),
    read_only: z.boolean().optional(),
  });
  const { services, secrets, volumes } = z
    .looseObject({
      services: z.record(z.string(), service),
      secrets: z.record(z.string(), z.object({ file: z.string() })),
      volumes: z.record(z.string(), z.null()),
    })
    .parse(parse(readProject('compose.yaml')));
  const runtime = services.reroute;
  assert.ok(runtime);

  it('gives the runtime settings that it starts with', () => accepts(runtime.environment));

  it('hands settings the files of secrets that the service has', () => {
    for (const [name, path] of Object.entries(runtime.environment).filter(([key]) => key.endsWith('_FILE'))) {
      assert.ok(name.replace(/_FILE$/, '') in environmentSchema.shape);
      assert.ok(runtime.secrets.includes(path.replace('/run/secrets/', '')), path);
    }
    for (const { secrets: used } of Object.values(services))
      for (const name of used) assert.ok(name in secrets, name);
    assert.match(readProject('.gitignore'), /^\/secrets\/$/m);
  });

  it('runs the image as the Dockerfile means it', () => {
    assert.equal(runtime.image, `reroute:${packageManifest().version}`);
    assert.equal(runtime.build, '.');
    assert.equal(runtime.read_only, true);
    assert.deepEqual(runtime.tmpfs, ['/tmp']);
    assert.ok(runtime.volumes.some((mount) => mount.endsWith(`:${volume}`)));
    assert.deepEqual(runtime.ports, [`127.0.0.1:${port}:${port}`]);
  });

  it('mounts volumes that it declares, and files that there are', () => {
    for (const mount of Object.values(services).flatMap((one) => one.volumes)) {
      const [from = ''] = mount.split(':');
      if (from.startsWith('./')) assert.ok(existsSync(join(root, from)), from);
      else assert.ok(from in volumes, from);
    }
  });

  it('starts servers that this version does not use on request only', () => {
    for (const [name, unused] of [
      ['postgres', 'DATABASE_URL'],
      ['redis', 'REDIS_URL'],
      ['mosquitto', 'MQTT_URL'],
    ] as const)
      if (!(unused in runtime.environment)) assert.deepEqual(services[name]?.profiles, ['servers'], name);
  });

  it('publishes ports on this machine alone', () => {
    for (const published of Object.values(services).flatMap((one) => one.ports))
      assert.match(published, /^127\.0\.0\.1:/);
  });

  it('names one version of each image', () => {
    for (const { image } of Object.values(services)) assert.match(image, /:v?\d/);
  });

  it('scrapes the runtime where it listens, under the job of the alerts', () => {
    const { scrape_configs } = z
      .looseObject({
        scrape_configs: z.array(
          z.looseObject({
            job_name: z.string(),
            static_configs: z.array(z.object({ targets: z.array(z.string()) })),
          }),
        ),
      })
      .parse(parse(readProject('ops/compose/prometheus.yaml')));
    assert.equal(scrape_configs[0]?.job_name, 'reroute');
    assert.deepEqual(scrape_configs[0]?.static_configs[0]?.targets, [`reroute:${port}`]);
    for (const file of ['grafana-datasources', 'grafana-dashboards'])
      assert.equal(
        z.looseObject({ apiVersion: z.number() }).parse(parse(readProject(`ops/compose/${file}.yaml`)))
          .apiVersion,
        1,
      );
  });
});

describe('the Helm chart', () => {
  const chart = 'ops/helm/reroute';
  const meta = z
    .looseObject({ version: z.string(), appVersion: z.string() })
    .parse(parse(readProject(`${chart}/Chart.yaml`)));
  const values = z.record(z.string(), z.unknown()).parse(parse(readProject(`${chart}/values.yaml`)));
  const templates = readdirSync(join(root, chart, 'templates'));

  function rendered(overrides: Record<string, unknown> = {}): Map<string, Record<string, unknown>> {
    const renderer = new ChartRenderer({
      Values: { ...values, ...overrides },
      Release: { Name: 'prod', Namespace: 'logistics' },
      Chart: { Name: 'reroute', AppVersion: meta.appVersion },
    });
    renderer.define(readProject(`${chart}/templates/_helpers.tpl`));
    const found = new Map<string, Record<string, unknown>>();
    for (const file of templates.filter((name) => name.endsWith('.yaml'))) {
      for (const document of parseAllDocuments(renderer.render(readProject(`${chart}/templates/${file}`)))) {
        assert.deepEqual(document.errors, [], file);
        const value = document.toJS() as Record<string, unknown> | null;
        if (value) found.set(String(value.kind), value);
      }
    }
    return found;
  }

  const at = (value: unknown, ...path: (string | number)[]): unknown =>
    path.reduce<unknown>(
      (inner, name) => (inner as Record<string | number, unknown> | undefined)?.[name],
      value,
    );
  const container = (objects = rendered()) =>
    at(objects.get('Deployment'), 'spec', 'template', 'spec', 'containers', 0);

  it('is of the version of the product', () => {
    assert.equal(meta.version, packageManifest().version);
    assert.equal(meta.appVersion, packageManifest().version);
  });

  it('renders objects that belong to the release', () => {
    const objects = rendered();
    assert.deepEqual([...objects.keys()].sort(), [
      'ConfigMap',
      'Deployment',
      'PersistentVolumeClaim',
      'Service',
    ]);
    for (const object of objects.values()) {
      assert.equal(at(object, 'metadata', 'name'), 'prod');
      assert.equal(at(object, 'metadata', 'labels', 'app.kubernetes.io/instance'), 'prod');
    }
  });

  it('renders with everything switched on', () => {
    const objects = rendered({
      monitoring: { enabled: true, tokenSecret: 't' },
      persistence: { size: '1Gi', storageClass: 'fast' },
    });
    assert.equal(
      at(objects.get('ServiceMonitor'), 'spec', 'endpoints', 0, 'relabelings', 0, 'replacement'),
      'reroute',
    );
    assert.equal(at(objects.get('PersistentVolumeClaim'), 'spec', 'storageClassName'), 'fast');
  });

  it('gives the process settings that it starts with, secrets as files', () => {
    const data = z.record(z.string(), z.string()).parse(at(rendered().get('ConfigMap'), 'data'));
    accepts(data);
    const mounts = at(container(), 'volumeMounts') as { name: string; mountPath: string }[];
    const secrets = mounts.find(({ name }) => name === 'secrets')?.mountPath;
    const files = Object.entries(data).filter(([name]) => name.endsWith('_FILE'));
    assert.ok(files.length > 0);
    for (const [, path] of files) assert.ok(path.startsWith(`${secrets}/`));
  });

  it('agrees with the image on port, health and what may be written', () => {
    const it = container();
    assert.equal(at(it, 'image'), `reroute:${meta.appVersion}`);
    assert.equal(at(it, 'ports', 0, 'containerPort'), port);
    assert.equal(at(it, 'livenessProbe', 'httpGet', 'path'), health);
    assert.equal(at(it, 'readinessProbe', 'httpGet', 'path'), '/readyz');
    assert.equal(at(it, 'startupProbe', 'httpGet', 'path'), '/readyz');
    assert.equal(at(it, 'securityContext', 'readOnlyRootFilesystem'), true);
    const mounts = at(it, 'volumeMounts') as { mountPath: string }[];
    for (const path of [volume, '/tmp'])
      assert.ok(
        mounts.some(({ mountPath }) => mountPath === path),
        path,
      );
  });

  it('runs one pod at a time on the ledger, and ends it later than the runtime gives up waiting', () => {
    const deployment = rendered().get('Deployment');
    assert.equal(at(deployment, 'spec', 'replicas'), 1);
    assert.equal(at(deployment, 'spec', 'strategy', 'type'), 'Recreate');
    assert.ok(Number(at(deployment, 'spec', 'template', 'spec', 'terminationGracePeriodSeconds')) >= 30);
  });

  it('leads the service to the pod', () => {
    const objects = rendered();
    const labels = at(objects.get('Deployment'), 'spec', 'template', 'metadata', 'labels') as object;
    assert.deepEqual(at(objects.get('Service'), 'spec', 'selector'), labels);
    assert.deepEqual(at(objects.get('Deployment'), 'spec', 'selector', 'matchLabels'), labels);
    assert.equal(
      at(objects.get('Service'), 'spec', 'ports', 0, 'targetPort'),
      at(container(objects), 'ports', 0, 'name'),
    );
  });

  it('shows how workers are scaled on the backlog', () => {
    for (const file of readdirSync(join(root, chart, 'examples'))) {
      const text = readProject(`${chart}/examples/${file}`);
      assert.ok(parse(text), file);
      assert.match(text, /max\(sum by \(instance\) \(reroute_runs\{state=~"queued\|running"\}\)\)/, file);
    }
  });

  it('refuses a template that it cannot read', () => {
    const renderer = new ChartRenderer({ Values: {} });
    assert.throws(() => renderer.render('{{ .Values.gone }}'), /there is no gone/);
    assert.throws(() => renderer.render('{{ if .Values }}'), /no end/);
    assert.throws(() => renderer.render('{{ .Values | shout }}'), /no filter shout/);
  });
});
