import { formatPercent, formatPlain } from '../core/format/numbers';
import { axes, valueInWords } from '../core/sweeps/axes';
import { type Band, bandOf, curvesOf, measured, predictedArrival, sweepMeasures } from '../core/sweeps/curves';
import { groupsOf, isAlong, pointsOf } from '../core/sweeps/plan';
import type { SweepResult } from '../core/sweeps/result';
import type { SweepFile } from '../core/sweeps/sweepFile';
import { verdictWord } from '../core/verdicts/verdict';
import { textTable } from './table';

/** The whole sweep as a table: a row for the seeds of a network, the median of what they came to with the least and the most. */
export function sweepTable(file: SweepFile, columns: number | undefined): string {
  const { plan, results } = file;
  const own = !isAlong(plan, 'activation');
  const head = [
    ...plan.axes.map(({ setting }) => axes[setting].label),
    ...(own ? ['activation'] : []),
    'test accuracy',
    'first/last gradient',
    'predicted',
    'verdict',
  ];
  const rows = groupsOf(plan).map(({ values, activation, points }) => {
    const found = points.flatMap(({ id }) => results.get(id) ?? []);
    return [
      ...values.map((value, i) => valueInWords(plan.axes[i]!.setting, value)),
      ...(own ? [valueInWords('activation', activation)] : []),
      bandText(measured(points, results, 'accuracy'), formatPercent, (x) => formatPercent(x).replace(/\s%$/, '')),
      bandText(measured(points, results, 'arrives'), formatPlain),
      numberText(predictedArrival(points[0]!), formatPlain),
      verdictText(found, points.length),
    ];
  });
  return textTable(head, rows, { columns, left: plan.axes.length + 1 });
}

const numberText = (value: number | undefined, format: (x: number) => string): string =>
  value === undefined ? '–' : format(value);

function bandText(
  found: readonly number[],
  format: (x: number) => string,
  /** In brackets, where the unit has been said. */
  short = format,
): string {
  const band = bandOf(found);
  if (band === undefined) return '–';
  const { min, median, max } = band;
  return min === max ? format(median) : `${format(median)} (${short(min)}–${short(max)})`;
}

/** "learns", or of seeds that differ "learns 3, vanishing 2"; what is not there yet is counted too. */
function verdictText(found: readonly SweepResult[], planned: number): string {
  const counts = new Map<string, number>();
  for (const { state, verdict } of found) {
    const word = state === 'finished' && verdict !== undefined ? verdictWord(verdict) : state;
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  if (found.length < planned) counts.set('not trained', planned - found.length);
  if (counts.size === 1) return [...counts.keys()][0]!;
  return [...counts].map(([word, count]) => `${word} ${count}`).join(', ');
}

/** The document that `--json` promises; what is not known, or no number in JSON, is null. */
export function sweepJson({ plan, dataset, results }: SweepFile) {
  const { name, train, test } = dataset;
  return {
    dataset: { name, train, test },
    config: plan.base,
    axes: plan.axes,
    networks: pointsOf(plan).map((point) => {
      const { id, values, activation, seed } = point;
      const { state, message, backend, seconds, steps, accuracy, loss, gradient, arrives, arrivesAtEnd, verdict } =
        results.get(id) ?? ({} as Partial<SweepResult>);
      return {
        id,
        values,
        activation,
        seed,
        state: state ?? null,
        ...(message === undefined ? {} : { message }),
        backend: backend ?? null,
        seconds: seconds ?? null,
        steps: steps ?? null,
        accuracy: accuracy ?? null,
        loss: loss ?? null,
        gradient: gradient ?? null,
        arrives: arrives ?? null,
        predictedArrives: predictedArrival(point) ?? null,
        arrivesAtEnd: arrivesAtEnd ?? null,
        verdict: verdict ?? null,
      };
    }),
    curves: Object.fromEntries(
      sweepMeasures.map((measure) => [
        measure,
        curvesOf(plan, results, measure).map(({ activation, second, points }) => ({
          activation: activation === '' ? null : activation,
          second: second ?? null,
          points: points.map(({ at, seeds, planned, band }) => ({ at, seeds, planned, ...bandJson(band) })),
        })),
      ]),
    ),
  };
}

const bandJson = (band: Band | undefined) => band ?? { min: null, median: null, max: null };
