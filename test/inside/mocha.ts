/// <reference types="mocha" />
// Mocha's browser build: it needs neither Node nor a document, so one bundle runs in every kind of extension host.
import 'mocha/mocha.js';

/** console.log is what every launcher can pass on; the mark tells our lines from those of VS Code itself. */
function print(text: string): void {
  for (const line of text.split('\n')) console.log(`[inside] ${line}`);
}

/** Prints every test as it ends. */
class StreamingReporter {
  constructor(runner: Mocha.Runner) {
    runner.on('suite', (suite) => suite.title && print(suite.fullTitle()));
    runner.on('pass', (test) => print(`  ✓ ${test.title} (${test.duration ?? 0} ms)`));
    runner.on('pending', (test) => print(`  - ${test.title} (skipped)`));
    runner.on('fail', (test, error) => print(`  ✗ ${test.title}\n${error.stack ?? error.message}`));
  }
}

// The whole of its set-up expects a page; this much does not.
mocha.setup({ ui: 'bdd', reporter: StreamingReporter as unknown as Mocha.ReporterConstructor, timeout: 240_000 });

export const { describe, it, before, after, beforeEach, afterEach } = globalThis as unknown as Mocha.MochaGlobals;

/** Runs what was described; rejects where a test fails. The line with the counts is read by test/launch/insideSuite.mjs. */
export function runMocha(): Promise<void> {
  return new Promise((resolve, reject) => {
    const runner = Mocha.prototype.run.call(mocha, (failures) => {
      const { passes = 0, pending = 0 } = runner.stats ?? {};
      print(`RESULT ${JSON.stringify({ passed: passes, failed: failures, skipped: pending })}`);
      if (failures > 0) reject(new Error(`${failures} failed`));
      else resolve();
    });
  });
}
