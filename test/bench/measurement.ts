import { type FlowConfig, paperFlow } from '../../src/core/calculation/config';
import { measureCandidate } from '../../src/engine/measure/measureFlow';
import { median, type Row } from './rows';
import { threadTime } from './threadTime';

/** What the calculator's measurement of random networks costs: milliseconds that the thread works for one network. */

const REPEATS = 5;
const NETWORKS = 10;

export default async function* measurement(): AsyncGenerator<Row> {
  const cases: readonly (readonly [string, Partial<FlowConfig>])[] = [
    ['ten layers of 256', {}],
    ['ten layers of 256, normal weights', { kernelInitializer: { kind: 'he_normal' } }],
    ['ten layers of 256, BatchNorm over 64 samples', { normalisation: 'batch' }],
  ];
  for (const [name, change] of cases) {
    const config: FlowConfig = { ...paperFlow, widths: new Array<number>(10).fill(256), networks: NETWORKS, ...change };
    const times = Array.from({ length: REPEATS }, () => {
      const started = threadTime();
      const networks = measureCandidate(config, config.candidates[0]!);
      while (!networks.next().done);
      return (threadTime() - started) / NETWORKS;
    });
    yield { what: `a random network of ${name}, drawn and measured`, value: median(times), unit: 'ms' };
  }
}
