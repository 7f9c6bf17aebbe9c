import { stepsPerEpoch } from '../runs/progress';
import type { FloatColumns, RunRecord } from '../runs/record';

const field = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Shortest text that reads back as the same float32, so that 0.1 is not written 0.10000000149011612. */
export function float32Text(x: number): string {
  if (!Number.isFinite(x) || Number.isInteger(x)) return String(x);
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(x.toPrecision(digits));
    if (Math.fround(short) === x) return String(short);
  }
  return String(Number(x.toPrecision(9)));
}

/**
 * Everything recorded as CSV (RFC 4180), a row for each step of each network. Probed values and an epoch's means stand in the row
 * of the step at which they were taken and are empty elsewhere; NaN and Infinity are spelt so. Steps and epochs count from 1.
 */
export function runCsv(run: RunRecord): string {
  const perEpoch = stepsPerEpoch(run);
  const layers = run.networks[0]?.layers ?? [];
  const hidden = layers.slice(0, -1);
  const lines = [
    [
      'activation',
      'seed',
      'epoch',
      'step',
      'loss',
      'accuracy',
      ...layers.map((layer) => `gradient norm: ${layer}`),
      ...hidden.map((layer) => `mean derivative: ${layer}`),
      ...hidden.map((layer) => `saturated share: ${layer}`),
      ...hidden.map((layer) => `dead share: ${layer}`),
      ...hidden.map((layer) => `pre-activation mean: ${layer}`),
      ...hidden.map((layer) => `pre-activation stddev: ${layer}`),
      ...layers.map((layer) => `update ratio: ${layer}`),
      'epoch loss',
      'epoch accuracy',
      'test loss',
      'test accuracy',
    ]
      .map(field)
      .join(','),
  ];
  const noProbe = ','.repeat(Math.max(0, 5 * hidden.length + layers.length - 1));
  for (const network of run.networks) {
    const { steps, probes } = network;
    const start = [field(network.activation), network.seed].join(',');
    const probed = [
      probes.meanDerivative,
      probes.saturatedShare,
      probes.deadShare,
      probes.preActivationMean,
      probes.preActivationStddev,
      probes.updateRatio,
    ] satisfies FloatColumns[];
    let probe = 0;
    for (let step = 0; step < steps.count; step++) {
      const atProbe = probes.stepOf(probe) === step;
      const epoch = Math.floor(step / perEpoch) + 1;
      const ended = (step + 1) % perEpoch === 0 ? network.epochs[epoch - 1] : undefined;
      lines.push(
        [
          start,
          epoch,
          step + 1,
          float32Text(steps.loss.at(step)),
          float32Text(steps.accuracy.at(step)),
          ...Array.from(steps.gradientNorms.row(step), float32Text),
          atProbe ? probed.flatMap((columns) => Array.from(columns.row(probe), float32Text)).join(',') : noProbe,
          ended === undefined ? ',,,' : [ended.loss, ended.accuracy, ended.testLoss, ended.testAccuracy].join(','),
        ].join(','),
      );
      if (atProbe) probe++;
    }
  }
  return `${lines.join('\r\n')}\r\n`;
}
