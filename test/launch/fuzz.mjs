// `npm run fuzz [-- --minutes 10] [-- --seed N] [-- FILES]`: the property tests over hostile inputs, over and over with fresh
// seeds until the time is over. It ends with a table: what was tried on how many inputs, and what failed.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { isMain, LaunchError, root, runMain, say, startProcess, stopProcess, tool } from './common.mjs';

/** So many times the inputs of an ordinary run, each round, unless the time of a property is over before. */
const FACTOR = 1000;
/** Seconds of a property in a round. */
const EACH = 15;
/** Seconds after the end in which what runs may end by itself: one input that takes longer is a fault. */
const GRACE = 60;

/**
 * @typedef {{ name: string, inputs: number, faults: number }} Row
 * @typedef {{ file: string, name: string, inputs?: number, faults?: number, seed?: number, kept?: string }} Line of `inputs`
 *   (`test/unit/hostile.ts`): without `inputs` where a property begins
 * @typedef {{ name: string, assertionResults: { fullName: string, status: string, failureMessages?: string[] }[] }} Tested
 *   of Vitest's report in JSON
 */

/**
 * The rows of a round: one for each property, and for each file one for its tests that draw no inputs.
 *
 * @param {readonly Line[]} lines
 * @param {readonly Tested[] | undefined} tested undefined where it did not come to its end
 * @param {string} folder that files are named from
 * @returns {{ rows: Row[], faults: string[] }} a sentence for each fault
 */
export function roundOf(lines, tested, folder) {
  /** @type {Map<string, Row>} */
  const rows = new Map();
  /** @type {string[]} */
  const faults = [];
  const row = (/** @type {string} */ name) => {
    const known = rows.get(name) ?? { name, inputs: 0, faults: 0 };
    rows.set(name, known);
    return known;
  };
  const title = (/** @type {Line} */ { file, name }) => `${file}: ${name}`;
  const open = new Map(lines.filter(({ inputs }) => inputs === undefined).map((line) => [title(line), line]));
  for (const line of lines) {
    if (line.inputs === undefined) continue;
    open.delete(title(line));
    const own = row(title(line));
    own.inputs += line.inputs;
    own.faults += line.faults ?? 0;
    if (line.faults) faults.push(`${title(line)}\n  seed ${line.seed}; its input is in ${line.kept}`);
  }
  const properties = new Set(lines.map(title));
  for (const { name, assertionResults } of tested ?? []) {
    const file = path.relative(folder, name);
    for (const { fullName, status, failureMessages = [] } of assertionResults) {
      if (status !== 'passed' && status !== 'failed') continue;
      const isProperty = properties.has(`${file}: ${fullName}`);
      const failed = status === 'failed' && !(isProperty && rows.get(`${file}: ${fullName}`)?.faults);
      if (isProperty && !failed) continue;
      const own = row(isProperty ? `${file}: ${fullName}` : `${file}: cases`);
      if (!isProperty) own.inputs++;
      if (!failed) continue;
      own.faults++;
      faults.push(`${file}: ${fullName}\n  ${(failureMessages[0] ?? '').slice(0, 600)}`);
    }
  }
  if (tested === undefined) {
    for (const [name] of open) {
      row(name).faults++;
      faults.push(`${name}\n  an input of it did not come to its end`);
    }
  }
  return { rows: [...rows.values()], faults };
}

/** Adds the rows of another round. @param {readonly Row[]} rows @param {readonly Row[]} others @returns {Row[]} */
export function sumOf(rows, others) {
  const byName = new Map(rows.map((row) => [row.name, { ...row }]));
  for (const { name, inputs, faults } of others) {
    const known = byName.get(name);
    byName.set(name, { name, inputs: inputs + (known?.inputs ?? 0), faults: faults + (known?.faults ?? 0) });
  }
  return [...byName.values()];
}

/** The rows as lines of text, and their sum. @param {readonly Row[]} rows */
export function tableText(rows) {
  const sorted = [...rows].sort((a, b) => (a.name < b.name ? -1 : 1));
  const all = { name: 'all', inputs: 0, faults: 0 };
  for (const { inputs, faults } of rows) {
    all.inputs += inputs;
    all.faults += faults;
  }
  const line = (/** @type {readonly unknown[]} */ [inputs, faults, name]) =>
    `${String(inputs).padStart(12)}  ${String(faults).padStart(6)}  ${name}`;
  return [
    line(['inputs', 'faults', 'property']),
    ...[...sorted, all].map(({ name, inputs, faults }) => line([inputs.toLocaleString('en-GB'), faults, name])),
  ].join('\n');
}

/**
 * @param {readonly string[]} files
 * @param {number} seed
 * @param {number} until
 * @param {string} folder
 */
async function round(files, seed, until, folder) {
  const log = path.join(folder, 'inputs.jsonl');
  const report = path.join(folder, 'tests.json');
  for (const file of [log, report]) rmSync(file, { force: true });
  const reporters = ['--reporter=json', `--outputFile=${report}`, '--reporter=dot', '--no-color'];
  const args = ['run', '--config', 'test/vitest.config.mts', '--testTimeout=0', ...reporters, ...files];
  const fuzzing = { seed, factor: FACTOR, until, each: EACH * 1000, log };
  const child = startProcess(process.execPath, [tool('vitest', 'vitest'), ...args], {
    env: { ...process.env, GRADIENT_LENS_FUZZ: JSON.stringify(fuzzing) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const take = (/** @type {Buffer} */ chunk) => {
    output = (output + chunk).slice(-4000);
  };
  child.stdout?.on('data', take);
  child.stderr?.on('data', take);
  let isOver = false;
  const end = () => {
    isOver = true;
    void stopProcess(child);
  };
  const last = setTimeout(end, until + GRACE * 1000 - Date.now());
  await new Promise((resolve, reject) => child.once('close', resolve).once('error', reject));
  clearTimeout(last);
  await stopProcess(child);
  /** @type {Line[]} */
  const lines = !existsSync(log)
    ? []
    : readFileSync(log, 'utf8')
        .split('\n')
        .flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
  /** @type {{ success: boolean, testResults: Tested[] } | undefined} */
  const tests = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined;
  const { rows, faults } = roundOf(lines, tests?.testResults, root);
  // Where the time was over, what draws no inputs may have been cut short: that is no fault.
  const isUntold = faults.length === 0 && !isOver && (child.exitCode !== 0 || tests === undefined);
  return { rows, faults: isUntold ? [`The tests failed otherwise:\n${output}`] : faults };
}

export async function fuzz() {
  const { values, positionals } = parseArgs({
    options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string' } },
    allowPositionals: true,
  });
  const minutes = Number(values.minutes);
  if (!(minutes > 0)) throw new LaunchError(`--minutes takes a number above 0, and got “${values.minutes}”.`);
  const given = values.seed === undefined ? undefined : Number(values.seed);
  if (given !== undefined && !Number.isSafeInteger(given))
    throw new LaunchError(`--seed takes a whole number, and got “${values.seed}”.`);
  const until = Date.now() + minutes * 60_000;
  const files = positionals.length > 0 ? positionals : ['hostile.test'];
  const folder = path.join(root, 'out', 'fuzz');
  mkdirSync(folder, { recursive: true });
  /** @type {Row[]} */
  let rows = [];
  let faults = 0;
  let rounds = 0;
  do {
    const seed = given ?? Math.floor(Math.random() * 2 ** 31);
    const done = await round(files, seed, until, folder);
    rows = sumOf(rows, done.rows);
    rounds++;
    const inputs = done.rows.reduce((sum, row) => sum + row.inputs, 0);
    const left = Math.max(0, until - Date.now()) / 60_000;
    say(
      `Round ${rounds}, seed ${seed}: ${inputs.toLocaleString('en-GB')} inputs, ${done.faults.length} faults; ${left.toFixed(1)} minutes left.`,
    );
    for (const fault of done.faults) say(fault);
    faults += done.faults.length;
  } while (given === undefined && Date.now() < until);
  console.log(`\n${tableText(rows)}\n`);
  return faults === 0 ? 0 : 1;
}

if (isMain(import.meta.url)) await runMain(fuzz);
