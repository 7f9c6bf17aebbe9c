import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { MultiBar, Presets, type SingleBar } from 'cli-progress';
import { activation as catalogueEntry } from '../core/activations/catalogue';
import type { Dataset } from '../core/data/dataset';
import type { ExperimentConfig } from '../core/experiment/config';
import { formatDuration, formatInteger, formatKeras, formatPercent } from '../core/format/numbers';
import { reportHtml } from '../core/report/reportHtml';
import { plainTable } from '../core/report/table';
import { isOver, type NetworkRecord, type RunRecord } from '../core/runs/record';
import { serialiseRun } from '../core/runs/serialise';
import { Comparison } from '../session/comparison';
import { loadDataset } from './data';
import { launchNodeWorker, readWasmBinaries } from './nodeWorkers';
import { type CompareArguments, configFromArguments } from './options';

/** Runs the comparison in worker threads; resolves to the exit code (0, or 1 where a network failed). */
export async function compare(args: CompareArguments): Promise<number> {
  const config = configFromArguments(args);
  const quiet = args.json === true;
  const say = (text: string) => {
    if (!quiet) process.stdout.write(`${text}\n`);
  };
  if (config.data.kind === 'digits') say('Drawing the digits…');
  const dataset = loadDataset(config.data);
  say(headline(config, dataset));

  const progress = process.stderr.isTTY ? new BarProgress() : new LineProgress(quiet);
  const comparison: Comparison = new Comparison({
    config,
    dataset,
    binaries: readWasmBinaries(),
    launch: launchNodeWorker,
    parallel: Math.max(config.activations.length, availableParallelism()),
    id: 'terminal',
    startedAt: new Date().toISOString(),
    onChange: () => progress.update(comparison),
    log: (level, text) => {
      if (level !== 'info') process.stderr.write(`${text}\n`);
    },
  });
  const interrupt = () => comparison.stop();
  process.once('SIGINT', interrupt);
  await comparison.start();
  process.off('SIGINT', interrupt);
  progress.end();

  const { run } = comparison;
  if (quiet) process.stdout.write(`${JSON.stringify(toJson(comparison))}\n`);
  else {
    if (run.networks.some(({ epochs }) => epochs.length > 0)) say(`\n${plainTable(run)}`);
    say('');
    say(verdictLines(comparison).join('\n'));
    say(
      `\n${formatDuration(run.seconds)} on ${[...new Set(run.networks.map(({ backend }) => backend ?? 'no backend'))].join(', ')}.`,
    );
  }
  if (args.report !== undefined) {
    writeReport(args.report, run);
    say(`Report: ${args.report}`);
  }
  return run.networks.some(({ state }) => state === 'failed') ? 1 : 0;
}

function headline(config: ExperimentConfig, dataset: Dataset): string {
  const { name, train, test } = dataset;
  const labels = config.activations.map((activation) => catalogueEntry(activation).label).join(' and ');
  return `${labels} on ${name} (${formatInteger(train.labels.length)} training, ${formatInteger(test.labels.length)} test images), ${config.epochs} ${config.epochs === 1 ? 'epoch' : 'epochs'}.`;
}

function verdictLines({ run, verdicts }: Comparison): string[] {
  return run.networks.map((record) => {
    const verdict = verdicts.get(record.id);
    const seed = run.config.seeds > 1 ? `seed ${record.seed}: ` : '';
    if (record.state === 'failed') return `✗ ${seed}${record.activation} failed. ${record.message ?? ''}`;
    if (!verdict) return `· ${seed}${record.activation} recorded nothing.`;
    return `${verdict.kind === 'healthy' ? '✓' : '✗'} ${seed}${verdict.text}`;
  });
}

function writeReport(file: string, run: RunRecord): void {
  const asset = (name: string) => readFileSync(join(__dirname, name), 'utf8');
  const html = reportHtml({
    title: 'Gradient Lens: compare activations',
    runJson: serialiseRun(run),
    script: asset('report.js'),
    style: asset('report.css'),
  });
  writeFileSync(file, html);
}

/** The document that `--json` promises; numbers that JSON cannot hold (NaN, ∞) are null. */
function toJson({ run, verdicts }: Comparison) {
  const { name, train, test } = run.dataset;
  const row = (values: Float32Array) => Array.from(values);
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
          first: steps.count > 0 ? row(steps.gradientNorms.row(0)) : [],
          last: steps.count > 0 ? row(steps.gradientNorms.row(steps.count - 1)) : [],
        },
        verdict: verdict ? { kind: verdict.kind, text: verdict.text } : null,
      };
    }),
  };
}

interface Progress {
  update(comparison: Comparison): void;
  end(): void;
}

/** A bar for each network, with the time that is left. */
class BarProgress implements Progress {
  readonly #bars = new Map<string, SingleBar>();
  readonly #multi = new MultiBar(
    {
      format: '{name} {bar} epoch {epoch} · {eta_formatted} left · loss {loss} · accuracy {accuracy}',
      hideCursor: true,
      clearOnComplete: false,
    },
    Presets.shades_classic,
  );

  update({ run }: Comparison): void {
    const perEpoch = Math.ceil(run.dataset.train / run.config.batchSize);
    for (const record of run.networks) {
      if (record.state === 'waiting') continue;
      const total = perEpoch * run.config.epochs;
      let bar = this.#bars.get(record.id);
      if (!bar) {
        bar = this.#multi.create(total, 0, { name: '', epoch: '', loss: '', accuracy: '' });
        this.#bars.set(record.id, bar);
      }
      const { count, loss, accuracy } = record.steps;
      bar.update(count, {
        name: record.id.replace(run.config.seeds > 1 ? '' : /#\d+$/, '').padEnd(14),
        epoch: `${Math.min(run.config.epochs, record.epochs.length + 1)}/${run.config.epochs}`,
        loss: count > 0 ? formatKeras(loss.at(count - 1)) : '–',
        accuracy: count > 0 ? formatPercent(accuracy.at(count - 1)) : '–',
      });
    }
  }

  end(): void {
    this.#multi.stop();
  }
}

/** A line for each epoch of each network, where there is no terminal to draw in. */
class LineProgress implements Progress {
  readonly #told = new Map<string, number>();

  constructor(private readonly quiet: boolean) {}

  update({ run }: Comparison): void {
    if (this.quiet) return;
    for (const record of run.networks) this.#tell(record, run);
  }

  #tell(record: NetworkRecord, run: RunRecord): void {
    for (let i = this.#told.get(record.id) ?? 0; i < record.epochs.length; i++) {
      const { epoch, loss, accuracy, testLoss, testAccuracy } = record.epochs[i]!;
      process.stdout.write(
        `${record.id} epoch ${epoch}/${run.config.epochs}: loss ${formatKeras(loss)}, accuracy ${formatKeras(accuracy)}, test loss ${formatKeras(testLoss)}, test accuracy ${formatKeras(testAccuracy)}\n`,
      );
      this.#told.set(record.id, epoch);
    }
    if (isOver(record.state) && record.state !== 'finished' && !this.#told.has(`${record.id} end`)) {
      process.stdout.write(
        `${record.id} ${record.state}${record.message === undefined ? '' : `: ${record.message}`}\n`,
      );
      this.#told.set(`${record.id} end`, 1);
    }
  }

  end(): void {}
}
