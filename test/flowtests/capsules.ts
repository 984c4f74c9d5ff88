/**
 * Plays every scenario of the given test files; makes a capsule of each and plays that; plays the recorded case in a back-test of the same
 * flow. Prints `[{ name, failures, backtest }]`. In a process of its own, as Node-RED is one at a time.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { PartnerCalls } from '../../lib/engine/partners/calls';
import { arrange, arrangementOf } from '../../lib/flowtests/arrange';
import { RecordedAnswers } from '../../lib/flowtests/backtest/answers';
import type { CaseResult } from '../../lib/flowtests/backtest/model';
import { playCase } from '../../lib/flowtests/backtest/play';
import { capsuleOf } from '../../lib/flowtests/capsule/capsule';
import { aboutCase } from '../../lib/flowtests/capsule/record';
import { flowsFor, readTest } from '../../lib/flowtests/files';
import { FlowRuntime } from '../../lib/flowtests/runtime';
import { play } from '../../lib/flowtests/scenario';
import { PartnerScript } from '../../lib/flowtests/script';

async function main(paths: string[]): Promise<void> {
  const script = new PartnerScript();
  const recordedAnswers = new RecordedAnswers();
  let calls: PartnerCalls = script;
  const runtime = await FlowRuntime.open({
    send: (call) => calls.send(call),
    lookUp: (call) => calls.lookUp(call),
  });
  const results: { name: string; failures: string[]; backtest: CaseResult }[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'reroute-capsules-'));
  for (const path of paths) {
    const file = readTest(path);
    for (const scenario of file.test.scenarios) {
      const flows = arrange(flowsFor(file), arrangementOf(file.test, scenario));
      await runtime.deploy(flows);
      const stage = { runtime, script, test: file.test, folder: dirname(path), flows, seed: path };
      const { observed } = await play(stage, scenario);
      const [first] = observed.cases;
      if (!first) throw new Error(`${scenario.name} has no case`);
      const capsule = await capsuleOf(runtime.ledger, `${first.id}.0`);
      const recorded = await aboutCase(runtime.ledger, first);
      const settings = { ...file.test.settings, ...scenario.settings };
      // As a back-test does it: partners answer by themselves, whatever their mode.
      await runtime.deploy(arrange(flowsFor(file), { settings }));
      calls = recordedAnswers;
      runtime.isStuck = () => recordedAnswers.isStuck;
      const backtest = await playCase(runtime, recordedAnswers, recorded);
      calls = script;
      runtime.isStuck = () => false;
      const written = join(folder, `${results.length}.flowtest.yaml`);
      writeFileSync(written, capsule.text.replace(/^version: 1$/m, `version: 1\nflow: ${file.flowPath}`));
      const again = readTest(written);
      const [only] = again.test.scenarios;
      if (!only) throw new Error('the capsule has no scenario');
      const arranged = arrange(flowsFor(file), { ...arrangementOf(again.test, only), settings });
      await runtime.deploy(arranged);
      const replayed = await play({ ...stage, test: again.test, flows: arranged, seed: written }, only);
      results.push({ name: scenario.name, failures: replayed.failures, backtest });
    }
  }
  await runtime.close();
  process.stdout.write(JSON.stringify(results));
}

void main(process.argv.slice(2));
