// `npm test`: build, checks, unit tests, the suite inside VS Code, the package and the end-to-end tests.
// `npm test -- --only unit|inside|e2e` runs one of them. The last line counts the tests of all suites.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runChecks } from './check.mjs';
import { isMain, isWindows, LaunchError, mustRun, root, run, runMain, say, secondsSince, tool } from './common.mjs';
import { makePackage } from './package.mjs';

/**
 * @typedef {object} Result
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {boolean} [broken] it ended without a count, or failed outside of its tests
 */

const results = path.join(root, 'out', 'test-results');
const none = { passed: 0, failed: 0, skipped: 0 };

/**
 * What a suite has written, if it came so far.
 * @template T
 * @param {string} file
 * @returns {T | undefined}
 */
const readJson = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined);

/**
 * @typedef {object} VitestReport
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {number} [numTodoTests]
 */

/** @param {string} name @param {string} config @returns {Promise<Result>} */
async function vitest(name, config) {
  const file = path.join(results, `${name}.json`);
  const args = [
    tool('vitest'),
    'run',
    '--config',
    config,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ];
  const env = { ...process.env, GRADIENT_LENS_PACKAGED: '1' };
  const { code } = await run(process.execPath, args, { show: true, env });
  /** @type {VitestReport | undefined} */
  const report = readJson(file);
  if (!report) return { ...none, broken: true };
  const { numPassedTests: passed, numFailedTests: failed, numPendingTests: pending, numTodoTests: todo } = report;
  return { passed, failed, skipped: pending + (todo ?? 0), broken: code !== 0 && failed === 0 };
}

/** @returns {Promise<Result>} */
async function inside() {
  const file = path.join(results, 'inside.json');
  const { code } = await run(process.execPath, ['test/launch/insideSuite.mjs', '--counts', file], { show: true });
  /** @type {Result | undefined} */
  const counts = readJson(file);
  return counts
    ? { ...counts, broken: counts.broken || (code !== 0 && counts.failed === 0) }
    : { ...none, broken: true };
}

/** @returns {Promise<Result>} */
async function endToEnd() {
  if (!isWindows) return vitest('e2e', 'test/e2e/vitest.config.mts');
  say('Skipped: the VS Code from npm, which these tests drive, does not run on Windows.');
  return { ...none, skipped: 1 };
}

/** @typedef {{ name: string, for: string[], run: () => Promise<Result | void> }} Step */
/** @type {Step[]} */
const steps = [
  {
    name: 'build',
    for: ['inside'],
    run: async () => void (await mustRun(process.execPath, ['esbuild.mjs'], { show: true })),
  },
  { name: 'check', for: [], run: async () => ((await runChecks()).failed > 0 ? { ...none, broken: true } : none) },
  { name: 'unit', for: ['unit'], run: () => vitest('unit', 'test/vitest.config.mts') },
  { name: 'inside', for: ['inside'], run: inside },
  { name: 'package', for: ['e2e'], run: async () => void (await makePackage()) },
  { name: 'e2e', for: ['e2e'], run: endToEnd },
];

if (isMain(import.meta.url)) {
  await runMain(async () => {
    const { values } = parseArgs({ options: { only: { type: 'string' } } });
    const { only } = values;
    if (only && !['unit', 'inside', 'e2e'].includes(only)) throw new LaunchError('--only takes unit, inside or e2e.');
    rmSync(results, { recursive: true, force: true });
    mkdirSync(results, { recursive: true });
    const summary = [];
    const total = { ...none };
    let broken = false;
    for (const step of steps.filter((each) => !only || each.for.includes(only))) {
      const started = performance.now();
      console.log(`\n\x1b[1m── ${step.name} ──\x1b[0m`);
      /** @type {Result} */
      let result = none;
      try {
        result = (await step.run()) ?? none;
      } catch (error) {
        console.error(error instanceof LaunchError ? `✖ ${error.message}` : error);
        result = { ...none, broken: true };
      }
      total.passed += result.passed;
      total.failed += result.failed;
      total.skipped += result.skipped;
      broken ||= result.broken === true;
      const state = result.broken ? 'failed' : result.failed > 0 ? 'has failures' : 'ok';
      summary.push({
        step: step.name,
        state,
        passed: result.passed,
        failed: result.failed,
        skipped: result.skipped,
        time: secondsSince(started),
      });
      // Nothing to test without a build or a package.
      if (result.broken && ['build', 'package'].includes(step.name)) break;
    }
    console.log('');
    console.table(Object.fromEntries(summary.map(({ step, ...rest }) => [step, rest])));
    if (broken) console.log('✖ A step failed outside of its tests: see above.');
    console.log(
      `${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`,
    );
    return broken || total.failed > 0 ? 1 : 0;
  });
}
