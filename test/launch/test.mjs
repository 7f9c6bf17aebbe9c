// `npm test`: builds the package and tests it: checks, unit tests, the suite inside VS Code and the end-to-end tests.
// `npm test -- --only unit|inside|e2e` runs one of them. The last line counts the tests of all suites.
// VS Code is fetched while the unit tests run. Beside the tests in its windows nothing else runs: they take all of two cores.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runChecks } from './check.mjs';
import { ensureChromium } from './chromium.mjs';
import { isMain, isWindows, LaunchError, root, run, runMain, say, secondsSince, tool } from './common.mjs';
import { makePackage } from './package.mjs';
import { ensureVSCode } from './vscode.mjs';

/**
 * @typedef {object} Result
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {number} [unsteady] failed at first, and passed when run once more
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
 * @typedef {object} TestFile
 * @property {string} name its path
 * @property {string} status
 * @property {string} message why none of its tests ran
 * @property {{ status: string, fullName: string, failureMessages: string[] }[]} assertionResults
 */

/**
 * @typedef {object} VitestReport
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {number} [numTodoTests]
 * @property {TestFile[]} testResults
 */

/**
 * @typedef {object} VitestRun
 * @property {Result} result
 * @property {boolean} unhandled whether there were errors that nobody caught
 * @property {TestFile[]} failed
 */

/**
 * @typedef {object} Suite
 * @property {string} name
 * @property {string} config of Vitest
 */

/** @param {Suite} suite @param {string[]} [files] @returns {Promise<VitestRun>} */
async function vitestOnce({ name, config }, files = []) {
  const file = path.join(results, `${name}.json`);
  const unhandledFile = path.join(results, `${name}-unhandled.json`);
  const args = [
    tool('vitest'),
    'run',
    ...files,
    '--config',
    config,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
    `--reporter=${path.join(root, 'test', 'launch', 'unhandled.mjs')}`,
  ];
  const env = { ...process.env, GRADIENT_LENS_PACKAGED: '1', GRADIENT_LENS_UNHANDLED: unhandledFile };
  const { code } = await run(process.execPath, args, { show: true, env });
  /** @type {VitestReport | undefined} */
  const report = readJson(file);
  if (!report) return { result: { ...none, broken: true }, failed: [], unhandled: true };
  const unhandled = readJson(unhandledFile) !== 0;
  const { numPassedTests: passed, numFailedTests: failed, numPendingTests: pending, numTodoTests: todo } = report;
  return {
    result: { passed, failed, skipped: pending + (todo ?? 0), broken: unhandled || (code !== 0 && failed === 0) },
    unhandled,
    failed: report.testResults.filter(({ status }) => status === 'failed'),
  };
}

/** Every failure of a run, named: shown at the end, where a long log is read. @type {string[]} */
const failures = [];

/** @param {string} message */
const withoutOthersFrames = (message) =>
  message
    .split('\n')
    .filter((line) => !/^\s+at .*node_modules/.test(line))
    .join('\n');

/** @param {string} attempt @param {TestFile[]} files */
function note(attempt, files) {
  for (const { name, message, assertionResults } of files) {
    const file = path.relative(root, name);
    const failed = assertionResults.filter(({ status }) => status === 'failed');
    if (failed.length === 0) failures.push(`${attempt}: ${file}\n    ${message}`);
    for (const { fullName, failureMessages } of failed)
      failures.push(`${attempt}: ${file} > ${fullName}\n    ${withoutOthersFrames(failureMessages.join('\n'))}`);
  }
}

/**
 * Runs a suite. Files that fail run once more, alone: what fails twice is broken, what fails once depends on something
 * that it should not, and is told too, without ending the run as failed.
 * @param {Suite} suite @returns {Promise<Result>}
 */
async function vitest(suite) {
  const first = await vitestOnce(suite);
  note('failed', first.failed);
  if (first.failed.length === 0) return first.result;
  say(`Once more, what failed: ${first.failed.map(({ name: file }) => path.relative(root, file)).join(', ')}`);
  const files = first.failed.map(({ name: file }) => file);
  const second = await vitestOnce({ ...suite, name: `${suite.name}-again` }, files);
  note('failed again', second.failed);
  if (second.result.broken) return { ...first.result, broken: true };
  const before = first.failed.flatMap(({ assertionResults }) => assertionResults);
  /** @param {string} status */
  const counted = (status) => before.filter((test) => test.status === status).length;
  return {
    passed: first.result.passed - counted('passed') + second.result.passed,
    failed: second.result.failed,
    skipped: first.result.skipped - before.length + counted('passed') + counted('failed') + second.result.skipped,
    unsteady: first.result.failed - second.result.failed,
    // An error that nobody caught is no test's, and is not mended by running the tests again.
    broken: first.unhandled,
  };
}

/** @param {string} name @returns {Promise<Result>} */
async function insideOnce(name) {
  const file = path.join(results, `${name}.json`);
  const { code } = await run(process.execPath, ['test/launch/insideSuite.mjs', '--counts', file], { show: true });
  /** @type {Result | undefined} */
  const counts = readJson(file);
  return counts
    ? { ...counts, broken: counts.broken || (code !== 0 && counts.failed === 0) }
    : { ...none, broken: true };
}

/** Like the others, once more where something fails: here all of it, since it is one process. @returns {Promise<Result>} */
async function inside() {
  const first = await insideOnce('inside');
  if (!first.broken && first.failed === 0) return first;
  failures.push('failed: the suite inside VS Code, see above');
  say('Once more, the suite inside VS Code');
  const second = await insideOnce('inside-again');
  return { ...second, unsteady: second.broken ? 0 : Math.max(0, Math.max(1, first.failed) - second.failed) };
}

/** @returns {Promise<Result>} */
async function endToEnd() {
  if (!isWindows) return vitest({ name: 'e2e', config: 'test/e2e/vitest.config.mts' });
  say('Skipped: the VS Code from npm, which these tests drive, does not run on Windows.');
  return { ...none, skipped: 1 };
}

/** What the tests inside VS Code and the end-to-end tests run in. */
async function installed() {
  if (isWindows) return;
  await ensureVSCode();
  await ensureChromium();
}

const only = ['unit', 'inside', 'e2e'];

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {string[]} for what of `--only` needs it
 * @property {() => Promise<Result | void>} run
 */

/** @type {Step} */
const build = { name: 'package', for: only, run: async () => void (await makePackage()) };

/** What needs no window. @type {Step[]} */
const first = [
  { name: 'check', for: [], run: async () => ((await runChecks()).failed > 0 ? { ...none, broken: true } : none) },
  { name: 'unit', for: ['unit'], run: () => vitest({ name: 'unit', config: 'test/vitest.config.mts' }) },
];

/** Meanwhile. @type {Step} */
const install = { name: 'install', for: ['inside', 'e2e'], run: installed };

/** What does. @type {Step[]} */
const inWindows = [
  { name: 'inside', for: ['inside'], run: inside },
  { name: 'e2e', for: ['e2e'], run: endToEnd },
];

/** @typedef {Result & { step: string, time: string }} Done */

/** @param {Step} step @returns {Promise<Done>} */
async function done(step) {
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
  return { step: step.name, time: secondsSince(started), ...result };
}

/** @param {Step[]} steps */
async function inTurn(steps) {
  const results = [];
  for (const step of steps) results.push(await done(step));
  return results;
}

/** @param {Done} result */
const row = ({ broken, passed, failed, unsteady = 0, skipped, time }) => ({
  state: broken ? 'failed' : failed > 0 ? 'has failures' : 'ok',
  passed,
  failed,
  'failed once': unsteady,
  skipped,
  time,
});

if (isMain(import.meta.url)) {
  await runMain(async () => {
    const { values } = parseArgs({ options: { only: { type: 'string' } } });
    if (values.only && !only.includes(values.only)) throw new LaunchError('--only takes unit, inside or e2e.');
    rmSync(results, { recursive: true, force: true });
    mkdirSync(results, { recursive: true });
    const started = performance.now();
    /** @param {Step[]} steps */
    const chosen = (steps) => steps.filter((step) => !values.only || step.for.includes(values.only));
    const all = [await done(build)];
    // Nothing to test without a package.
    if (!all[0]?.broken) {
      all.push(...(await Promise.all([inTurn(chosen(first)), inTurn(chosen([install]))])).flat());
      all.push(...(await inTurn(chosen(inWindows))));
    }
    /** @param {'passed' | 'failed' | 'skipped'} what */
    const sum = (what) => all.reduce((total, result) => total + result[what], 0);
    const broken = all.some((result) => result.broken);
    console.log('');
    console.table(Object.fromEntries(all.map((result) => [result.step, row(result)])));
    for (const failure of failures) console.log(`✖ ${failure}`);
    if (broken) console.log('✖ A step failed outside of its tests: see above.');
    const skipped = sum('skipped');
    say(`All in ${secondsSince(started)}.`);
    console.log(`${sum('passed')} passed, ${sum('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
    return broken || sum('failed') > 0 ? 1 : 0;
  });
}
