// `npm run mutate [-- --room verdicts] [-- --file src/core/runs/record.ts] [-- --static]`: puts small faults into a room's code, one
// at a time, and tells which of them its unit tests do not notice. What is mutated, and what is not: test/mutation.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';
import { rooms } from '../mutation/rooms.mjs';
import { isMain, LaunchError, root, runMain, say } from './common.mjs';

/** @typedef {{ noticed: number, missed: number, leftAside: number }} Tally */

const out = path.join('out', 'mutate');
const names = Object.keys(rooms);

/**
 * @param {string} name
 * @param {{ files: string[], withStatic: boolean, workers: number }} options
 */
async function mutateRoom(name, { files, withStatic, workers }) {
  const folder = path.join(out, name);
  mkdirSync(path.join(root, folder), { recursive: true });
  process.env.GRADIENT_LENS_MUTATE = name;
  const stryker = new Stryker({
    mutate: files.length > 0 ? files : rooms[name]?.sources,
    plugins: ['@stryker-mutator/vitest-runner', path.join(root, 'test', 'mutation', 'ignorer.mjs')],
    ignorers: ['noConsequence'],
    testRunner: 'vitest',
    vitest: { configFile: path.join('test', 'mutation', 'vitest.config.mts'), related: false },
    coverageAnalysis: 'perTest',
    // What a module works out once, when it is loaded, is mostly tables and schemas, and each fault in them costs a run of
    // all tests of the room.
    ignoreStatic: !withStatic,
    incremental: true,
    incrementalFile: path.join(folder, 'incremental.json'),
    tempDirName: path.join(out, 'sandbox'),
    ignorePatterns: ['.vscode-test', '.github', '.ci', 'out', 'dist', 'test/e2e', 'test/inside', '*.vsix', '*.log'],
    disableTypeChecks: false,
    concurrency: workers,
    reporters: ['html', 'json', process.stdout.isTTY ? 'progress' : 'progress-append-only'],
    htmlReporter: { fileName: path.join(folder, 'report.html') },
    jsonReporter: { fileName: path.join(folder, 'report.json') },
    logLevel: /** @type {import('@stryker-mutator/api/core').LogLevel} */ ('warn'),
    // A busy machine must not pass for an endless loop.
    timeoutMS: 30_000,
  });
  return await stryker.runMutationTest();
}

/** @param {readonly import('@stryker-mutator/api/core').MutantResult[]} mutants @returns {Tally} */
function count(mutants) {
  const tally = { noticed: 0, missed: 0, leftAside: 0 };
  for (const { status } of mutants) {
    if (status === 'Killed' || status === 'Timeout') tally.noticed++;
    else if (status === 'Survived' || status === 'NoCoverage') tally.missed++;
    else tally.leftAside++;
  }
  return tally;
}

/** In per cent of what was tried; NaN where nothing was. @param {Tally} tally */
const scoreOf = ({ noticed, missed }) => (100 * noticed) / (noticed + missed);

/** @param {string} name @param {Tally} tally */
function line(name, tally) {
  const score = scoreOf(tally);
  const inWords = Number.isNaN(score) ? '–' : `${score.toFixed(1)} %`;
  return `${inWords.padStart(8)}  ${String(tally.missed).padStart(5)} missed  ${String(tally.leftAside).padStart(5)} left aside  ${name}`;
}

export async function mutate() {
  const { values } = parseArgs({
    options: {
      room: { type: 'string', multiple: true, default: names },
      file: { type: 'string', multiple: true, default: [] },
      static: { type: 'boolean', default: false },
      workers: { type: 'string', default: '2' },
    },
  });
  const unknown = values.room.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new LaunchError(`There is no room “${unknown}”. The rooms are ${names.join(', ')}.`);
  const workers = Number(values.workers);
  if (!(workers >= 1)) throw new LaunchError(`--workers takes a whole number above 0, and got “${values.workers}”.`);
  process.chdir(root);
  const scores = [];
  for (const name of values.room) {
    say(`${name}: what its tests notice`);
    const mutants = await mutateRoom(name, { files: values.file, withStatic: values.static, workers });
    for (const file of [...new Set(mutants.map(({ fileName }) => fileName))].sort()) {
      const own = mutants.filter(({ fileName }) => fileName === file);
      console.log(line(path.relative(root, file), count(own)));
    }
    const tally = count(mutants);
    scores.push(`${line(name, tally)} (goal ${rooms[name]?.goal} %)`);
    say(`Every fault: ${path.join(out, name, 'report.html')}`);
  }
  console.log(`\n${scores.join('\n')}`);
}

if (isMain(import.meta.url)) await runMain(mutate);
