import { labelOf } from '../activations/catalogue';
import type { NetworkRecord, RunRecord } from './record';

/** Runs that are looked at together, each under a name of its own. */
export interface NamedRun {
  readonly run: RunRecord;
  readonly name: string;
}

/** What a plot draws as one line, and a table as one column: the networks of one activation in one run, a seed each. */
export interface Series {
  /** Unique among the series, as people read it: "ReLU", in an overlay "ReLU · run name". */
  readonly name: string;
  readonly activation: string;
  /** In an overlay the place of its run, from 0; chooses the dash. */
  readonly group: number;
  /** The run that it is of, with its own settings and dataset. */
  readonly run: RunRecord;
  readonly networks: readonly NetworkRecord[];
  readonly layers: readonly string[];
}

export const isOverlay = (run: RunRecord): boolean => run.networks.some(({ of }) => of !== undefined);

/** The run whose settings a network was trained with: in an overlay its own. */
export const runOf = (run: RunRecord, network: NetworkRecord): RunRecord => network.of?.run ?? run;

/** "ReLU", in an overlay "ReLU · run name". */
export const seriesName = ({ activation, of }: Pick<NetworkRecord, 'activation' | 'of'>): string =>
  of === undefined ? labelOf(activation) : `${labelOf(activation)} · ${of.name}`;

/** A network in a sentence, a log or a line of progress: "ReLU", where its run has several seeds "ReLU, seed 3". */
export const networkName = (run: RunRecord, network: NetworkRecord): string =>
  seedName(seriesName(network), runOf(run, network).config.seeds, network.seed);

/** "ReLU, seed 3" of several seeds, "ReLU" of one. */
export const seedName = (name: string, seeds: number, seed: number | string): string =>
  seeds === 1 ? name : `${name}, seed ${seed}`;

/** The series of a run: one for each activation, in an overlay one for each activation of each run. */
export function seriesOf(run: RunRecord): Series[] {
  if (!isOverlay(run)) {
    return run.config.activations.map((activation) => {
      const networks = run.networks.filter((network) => network.activation === activation);
      return { name: labelOf(activation), activation, group: 0, run, networks, layers: networks[0]?.layers ?? [] };
    });
  }
  const byName = new Map<string, NetworkRecord[]>();
  for (const network of run.networks) {
    const name = seriesName(network);
    byName.set(name, [...(byName.get(name) ?? []), network]);
  }
  return [...byName].flatMap(([name, networks]) => {
    const [first] = networks;
    if (first === undefined) return [];
    const { activation, layers, of } = first;
    return [{ name, activation, group: of?.group ?? 0, run: of?.run ?? run, networks, layers }];
  });
}

/** The runs that an overlay is of, by their group. */
export function overlaidRuns(run: RunRecord): NamedRun[] {
  const runs: NamedRun[] = [];
  for (const { of } of run.networks) if (of !== undefined) runs[of.group] = of;
  return runs.filter(Boolean);
}

/** Names that differ: a second "paper" becomes "paper (2)". */
function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let i = 2; taken.has(unique); i++) unique = `${name} (${i})`;
    taken.add(unique);
    return unique;
  });
}

/** The id that a network of a run has in an overlay. */
const overlaidId = (group: number, id: string): string => `${group + 1}/${id}`;

/** Brings what an overlay has copied up to date while one of its runs trains: states, messages, times. */
export function refreshOverlay(overlay: RunRecord): void {
  for (const network of overlay.networks) {
    const { id, of } = network;
    const own = of?.run.networks.find((each) => overlaidId(of.group, each.id) === id);
    if (own === undefined) continue;
    delete network.message;
    Object.assign(network, own, { id, of });
  }
}

/** What is known of single networks, by the ids that they have in an overlay of their runs. */
export const overlaidMap = <T>(maps: readonly ReadonlyMap<string, T>[]): Map<string, T> =>
  new Map(maps.flatMap((map, group) => [...map].map(([id, value]) => [overlaidId(group, id), value] as const)));

/**
 * Several runs as one record, for plots, verdicts and tables: all their networks, the same activation of different runs side by side.
 * Nothing recorded is copied, so a run that still trains goes on growing in it; states are those at the time of the call. Settings
 * and dataset are the first run's, save the epochs, which are as many as the longest has: those of a network are in `network.of.run`.
 * @throws RangeError where there is no run
 */
export function overlayRuns(runs: readonly NamedRun[]): RunRecord {
  const [first] = runs;
  if (first === undefined) throw new RangeError('no runs to overlay; at least one is needed');
  const names = uniqueNames(runs.map(({ name }) => name));
  const activations = [...new Set(runs.flatMap(({ run }) => run.config.activations))];
  const networks = activations.flatMap((activation) =>
    runs.flatMap(({ run }, group) =>
      run.networks
        .filter((network) => network.activation === activation)
        .map(
          (network): NetworkRecord => ({
            ...network,
            id: overlaidId(group, network.id),
            of: { run, name: names[group] ?? '', group },
          }),
        ),
    ),
  );
  const most = (value: (run: RunRecord) => number) => Math.max(...runs.map(({ run }) => value(run)));
  return {
    id: runs.map(({ run }) => run.id).join(' '),
    startedAt: first.run.startedAt,
    config: {
      ...first.run.config,
      activations,
      epochs: most(({ config }) => config.epochs),
      seeds: most(({ config }) => config.seeds),
    },
    dataset: first.run.dataset,
    seconds: runs.reduce((sum, { run }) => sum + run.seconds, 0),
    networks,
  };
}
