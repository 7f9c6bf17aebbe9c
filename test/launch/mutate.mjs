// `npm run mutate [-- --room verdicts] [-- --file src/core/runs/record.ts] [-- --sample 200 --seed 1] [-- --static]`: puts small
// faults into a room's code, one at a time, and tells which of them its unit tests do not notice. What is mutated, and what is
// not: test/mutation.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';
import { rooms } from '../mutation/rooms.mjs';
import { intervalOf } from '../mutation/sample.mjs';
import { NOT_DRAWN } from '../mutation/sampler.mjs';
import { isMain, LaunchError, root, runMain, say } from './common.mjs';

/** @typedef {{ noticed: number, missed: number, leftAside: number, notDrawn: number }} Tally */
/** @typedef {{ files: string[], withStatic: boolean, workers: number, sample: { count: number, seed: number } | undefined }} Options */

const out = path.join('out', 'mutate');
const names = Object.keys(rooms);

/** @param {string} name @param {boolean} sampled */
const reportOf = (name, sampled) => path.join(out, name, sampled ? 'sample' : 'report');

/** @param {string} name @param {Options} options */
async function mutateRoom(name, { files, withStatic, workers, sample }) {
  const folder = path.join(out, name);
  mkdirSync(path.join(root, folder), { recursive: true });
  process.env.GRADIENT_LENS_MUTATE = name;
  const report = reportOf(name, sample !== undefined);
  const progress = process.stdout.isTTY ? 'progress' : 'progress-append-only';
  const stryker = new Stryker({
    mutate: files.length > 0 ? files : rooms[name]?.sources,
    plugins: [
      '@stryker-mutator/vitest-runner',
      ...['ignorer.mjs', 'sampler.mjs'].map((file) => path.join(root, 'test', 'mutation', file)),
    ],
    ignorers: ['noConsequence'],
    testRunner: 'vitest',
    vitest: { configFile: path.join('test', 'mutation', 'vitest.config.mts'), related: false },
    coverageAnalysis: 'perTest',
    // What a module works out once, when it is loaded, is mostly tables and schemas, and each fault in them costs a run of
    // all tests of the room.
    ignoreStatic: !withStatic,
    ...(sample === undefined ? {} : { sample }),
    // What a sample leaves out would be remembered as ignored, and what is remembered would not be drawn.
    incremental: sample === undefined,
    incrementalFile: path.join(folder, 'incremental.json'),
    tempDirName: path.join(out, 'sandbox'),
    ignorePatterns: ['.vscode-test', '.github', '.ci', 'out', 'dist', 'test/e2e', 'test/inside', '*.vsix', '*.log'],
    disableTypeChecks: false,
    concurrency: workers,
    // The sampler comes first: the others are to hear of what it leaves.
    reporters: [...(sample === undefined ? [] : ['sampler']), 'html', 'json', progress],
    htmlReporter: { fileName: `${report}.html` },
    jsonReporter: { fileName: `${report}.json` },
    logLevel: /** @type {import('@stryker-mutator/api/core').LogLevel} */ ('warn'),
    // A busy machine must not pass for an endless loop.
    timeoutMS: 30_000,
    dryRunTimeoutMinutes: 60,
  });
  return await stryker.runMutationTest();
}

/** @param {readonly import('@stryker-mutator/api/core').MutantResult[]} mutants @returns {Tally} */
function count(mutants) {
  const tally = { noticed: 0, missed: 0, leftAside: 0, notDrawn: 0 };
  for (const { status, statusReason } of mutants) {
    if (statusReason === NOT_DRAWN) tally.notDrawn++;
    else if (status === 'Killed' || status === 'Timeout') tally.noticed++;
    else if (status === 'Survived' || status === 'NoCoverage') tally.missed++;
    else tally.leftAside++;
  }
  return tally;
}

/** @param {number} share */
const percent = (share) => (Number.isNaN(share) ? '–' : `${(100 * share).toFixed(1)} %`);

/** What a sample says of the whole. @param {Tally} tally */
export function sampleWords({ noticed, missed, notDrawn }) {
  const tried = noticed + missed;
  if (notDrawn === 0) return '';
  const [least, most] = intervalOf(noticed, tried, tried + notDrawn);
  return `a sample of ${tried} of ${tried + notDrawn}; of all, ${percent(least)} to ${percent(most)} at 95 %`;
}

/** @param {string} name @param {Tally} tally */
function line(name, { noticed, missed, leftAside, notDrawn }) {
  const tried = noticed + missed;
  const of = notDrawn > 0 ? ` (${tried} of ${tried + notDrawn} tried)` : '';
  const score = percent(noticed / tried).padStart(8);
  return `${score}  ${String(missed).padStart(5)} missed  ${String(leftAside).padStart(5)} left aside  ${name}${of}`;
}

/** @param {string} name of a flag @param {string} text */
function wholeNumber(name, text) {
  const value = Number(text);
  if (!(Number.isInteger(value) && value >= 1)) {
    throw new LaunchError(`--${name} takes a whole number above 0, and got “${text}”.`);
  }
  return value;
}

export async function mutate() {
  const { values } = parseArgs({
    options: {
      room: { type: 'string', multiple: true, default: names },
      file: { type: 'string', multiple: true, default: [] },
      sample: { type: 'string' },
      seed: { type: 'string', default: '1' },
      static: { type: 'boolean', default: false },
      workers: { type: 'string', default: '2' },
    },
  });
  const unknown = values.room.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new LaunchError(`There is no room “${unknown}”. The rooms are ${names.join(', ')}.`);
  const workers = wholeNumber('workers', values.workers);
  const seed = wholeNumber('seed', values.seed);
  const sample = values.sample === undefined ? undefined : { count: wholeNumber('sample', values.sample), seed };
  process.chdir(root);
  const scores = [];
  for (const name of values.room) {
    say(`${name}: what its tests notice`);
    const mutants = await mutateRoom(name, { files: values.file, withStatic: values.static, workers, sample });
    for (const file of [...new Set(mutants.map(({ fileName }) => fileName))].sort()) {
      const own = mutants.filter(({ fileName }) => fileName === file);
      console.log(line(path.relative(root, file), count(own)));
    }
    const tally = count(mutants);
    const notes = [`goal ${rooms[name]?.goal} %`, sampleWords(tally)].filter((note) => note !== '');
    scores.push(`${line(name, tally)}, ${notes.join(', ')}`);
    say(`Every fault: ${reportOf(name, sample !== undefined)}.html`);
  }
  console.log(`\n${scores.join('\n')}`);
}

if (isMain(import.meta.url)) await runMain(mutate);
