// Mocha's `spec` output, and at the end what was skipped, why, and the counts on a line of their own:
// `N passed, N failed` or `N passed, N failed, N skipped`.
// A suite that lacks a server says so through `need` (test/support/need.ts), which leaves the name on the suite.
const { writeFileSync } = require('node:fs');
const Mocha = require('mocha');

/** How long a finished run may take to let go of everything. */
const HELD_AFTER_MS = 3000;

const { EVENT_RUN_END, EVENT_TEST_PENDING, EVENT_TEST_FAIL, EVENT_TEST_PASS } = Mocha.Runner.constants;

/** The nearest reason on the way from a test to the root. */
function reasonOf(test) {
  for (let at = test; at; at = at.parent) if (at.missing) return `${at.missing} is not on this machine`;
  return 'switched off in the test itself';
}

/** @returns the last line: what every caller of the tests may parse. */
function summaryLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** A timer or socket that nobody closed would keep a finished run from ending: that is a failure, and said. */
function endIfHeld(counts, file) {
  const check = setTimeout(() => {
    const held = process.getActiveResourcesInfo().filter((name) => !/^(Pipe|TTY|Signal)Wrap$/.test(name));
    console.log(
      `the tests are over, but the process is kept alive by: ${[...new Set(held)].join(', ') || 'a handle'}`,
    );
    if (file) writeFileSync(file, JSON.stringify({ ...counts, failed: counts.failed + 1 }));
    process.exit(1);
  }, HELD_AFTER_MS);
  check.unref();
}

class Reporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const counts = { passed: 0, failed: 0, skipped: 0 };
    const skipped = new Map();
    runner.on(EVENT_TEST_PASS, () => {
      counts.passed += 1;
    });
    // A failed hook arrives here as well, so a leak counts as one failure.
    runner.on(EVENT_TEST_FAIL, () => {
      counts.failed += 1;
    });
    runner.on(EVENT_TEST_PENDING, (test) => {
      counts.skipped += 1;
      const suite = `${test.parent.fullTitle()} (${reasonOf(test)})`;
      skipped.set(suite, (skipped.get(suite) ?? 0) + 1);
    });
    runner.once(EVENT_RUN_END, () => {
      for (const [suite, tests] of skipped)
        console.log(`skipped: ${suite}: ${tests} test${tests > 1 ? 's' : ''}`);
      // A caller that asks for the counts prints them itself, after everything else has had its say.
      const file = process.env.TEST_COUNTS_FILE;
      if (file) writeFileSync(file, JSON.stringify(counts));
      else console.log(summaryLine(counts));
      endIfHeld(counts, file);
    });
  }
}

module.exports = Reporter;
module.exports.summaryLine = summaryLine;
