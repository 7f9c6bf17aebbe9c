import { availableParallelism } from 'node:os';
import { activation as catalogueEntry } from '../core/activations/catalogue';
import { type DatasetSummary, summarise } from '../core/data/dataset';
import type { ExperimentConfig } from '../core/experiment/config';
import { createNonce } from '../core/format/nonce';
import { formatDuration, formatInteger } from '../core/format/numbers';
import { wrapped } from '../core/format/wrap';
import { partialNote } from '../core/report/partial';
import { reportHtml } from '../core/report/reportHtml';
import { plainTable } from '../core/report/table';
import { networkName } from '../core/runs/overlay';
import type { RunRecord } from '../core/runs/record';
import { serialiseRun } from '../core/runs/serialise';
import { Comparison } from '../session/comparison';
import { loadDataset } from './data';
import { readAsset, targetAt } from './files';
import { commandFor, compareFlags } from './flags';
import { footnotes } from './footnotes';
import { machineMemory } from './machine';
import { launchNodeWorker, readBackendFiles } from './nodeWorkers';
import { type CompareArguments, configFromArguments } from './options';
import { print, printError, printJson } from './output';
import { BarProgress, columnsOf, LineProgress } from './progress';
import { exitCodeOf, untilOverOrStopped } from './signals';

/** What a table takes at most where there is no terminal: wider rows are broken by what shows them. */
const PIPED_COLUMNS = 120;

/** Runs the comparison in worker threads; resolves to the exit code (0, or 1 where a network failed). */
export async function compare(args: CompareArguments): Promise<number> {
  const config = configFromArguments(args);
  const quiet = args.json === true;
  const say = (text: string) => {
    if (!quiet) print(text);
  };
  const columns = columnsOf(process.stdout);
  const tableColumns = columns ?? PIPED_COLUMNS;
  const saySentences = (text: string, indent = '') => say(wrapped(text, columns, indent));
  const dataset = loadDataset(config.data);
  const target = args.report === undefined ? undefined : targetAt('--report', args.report);
  const progress = process.stderr.isTTY ? new BarProgress() : new LineProgress(quiet);
  const comparison: Comparison = new Comparison({
    config,
    dataset,
    binaries: readBackendFiles(),
    launch: launchNodeWorker,
    parallel: Math.max(config.activations.length, availableParallelism()),
    memory: machineMemory(),
    id: 'terminal',
    startedAt: new Date().toISOString(),
    onBackendNote: (text) => saySentences(text),
    onChange: () => progress.update(comparison.run),
    log: (level, text) => {
      if (level !== 'info') printError(text);
    },
  });
  // It refuses what does not fit.
  saySentences(headline(config, summarise(dataset)));

  const signal = await untilOverOrStopped(comparison);
  progress.end();

  const { run } = comparison;
  // First what stays: nobody may be there any more to read the rest.
  const unwritten = attempt(() => target?.write(reportOf(run)));
  if (quiet) printJson(toJson(comparison));
  else {
    const partial = partialNote(run);
    if (partial !== undefined) saySentences(`\n${partial}`);
    const hasTable = run.networks.some(({ epochs }) => epochs.length > 0);
    if (hasTable) say(`\n${plainTable(run, tableColumns)}`);
    say('');
    const sentences = verdictLines(comparison).join('\n');
    saySentences(sentences, '  ');
    const commands = triesOf(comparison);
    if (commands.length > 0) say(['', 'To try that:', ...commands.map((command) => `  ${command}`)].join('\n'));
    const words = footnotes(`${hasTable ? plainTable(run) : ''} ${sentences}`, columns);
    if (words !== '') say(words);
    say(`\n${formatDuration(run.seconds)} on ${backendsOf(run)}.`);
  }
  if (unwritten !== undefined) throw unwritten.error;
  if (args.report !== undefined) say(`Report: ${args.report}`);
  if (signal !== undefined) return exitCodeOf(signal);
  return run.networks.some(({ state }) => state === 'failed') ? 1 : 0;
}

/** What an action fails with; undefined where it does not. */
function attempt(action: () => void): { readonly error: unknown } | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    return { error };
  }
}

/** The commands that do what verdicts recommend, in the order of the networks: verdicts come as networks get on. */
const triesOf = ({ run, verdicts }: Comparison): string[] => [
  ...new Set(
    run.networks.flatMap(({ id }) => {
      const remedy = verdicts.get(id)?.remedy;
      return remedy === undefined ? [] : commandFor(compareFlags(run.config, remedy.config));
    }),
  ),
];

/** What trained, whatever never came to train. */
function backendsOf({ networks }: RunRecord): string {
  const backends = new Set(networks.flatMap(({ backend }) => backend ?? []));
  return backends.size === 0 ? 'no backend' : [...backends].join(', ');
}

function headline(config: ExperimentConfig, dataset: DatasetSummary): string {
  const { name, train, test } = dataset;
  const labels = config.activations.map((activation) => catalogueEntry(activation).label).join(' and ');
  return `${labels} on ${name} (${formatInteger(train)} training, ${formatInteger(test)} test images), ${config.epochs} ${config.epochs === 1 ? 'epoch' : 'epochs'}.`;
}

function verdictLines({ run, verdicts }: Comparison): string[] {
  return run.networks.map((record) => {
    const verdict = verdicts.get(record.id);
    const seed = run.config.seeds > 1 ? `seed ${record.seed}: ` : '';
    if (record.state === 'failed') return `✗ ${networkName(run, record)} failed. ${record.message ?? ''}`;
    if (!verdict) return `· ${networkName(run, record)} recorded nothing.`;
    return `${verdict.kind === 'healthy' ? '✓' : verdict.kind === 'started' ? '·' : '✗'} ${seed}${verdict.text}`;
  });
}

const reportOf = (run: RunRecord): string =>
  reportHtml({
    title: 'Gradient Lens: compare activations',
    runJson: serialiseRun(run),
    script: readAsset('report.js'),
    style: readAsset('report.css'),
    nonce: createNonce((bytes) => crypto.getRandomValues(bytes)),
  });

/** The document that `--json` promises; numbers that JSON cannot hold (NaN, ∞) are null. */
function toJson({ run, verdicts }: Comparison) {
  const { name, train, test } = run.dataset;
  const row = (values: Float32Array | undefined) => Array.from(values ?? []);
  return {
    dataset: { name, train, test },
    config: run.config,
    seconds: run.seconds,
    runs: run.networks.map((record) => {
      const verdict = verdicts.get(record.id);
      const { steps } = record;
      return {
        activation: record.activation,
        seed: record.seed,
        backend: record.backend ?? null,
        state: record.state,
        ...(record.message === undefined ? {} : { message: record.message }),
        seconds: record.seconds,
        layers: record.layers,
        epochs: record.epochs,
        gradientNorms: {
          first: steps.count > 0 ? row(steps.gradientNorms?.row(0)) : [],
          last: steps.count > 0 ? row(steps.gradientNorms?.row(steps.count - 1)) : [],
        },
        verdict: verdict ? { kind: verdict.kind, text: verdict.text } : null,
      };
    }),
  };
}
