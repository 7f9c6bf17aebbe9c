import { type ExperimentConfig, paperConfig, parseConfig } from '../experiment/config';
import { readList, writeList } from '../format/list';
import { readInitializer } from '../frameworks/initializerNames';
import { formatInitializer, type Initializer } from '../initializers/initializer';
import { numberOrText, readQuery, writeQuery } from './query';

interface Field<Value> {
  /** As the terminal's flag. */
  readonly key: string;
  write(value: Value): string;
  read(text: string): unknown;
}

const number = (key: string): Field<number> => ({ key, write: String, read: numberOrText });
const word = <T extends string>(key: string): Field<T> => ({ key, write: (value) => value, read: (text) => text });
const initializer = (key: string): Field<Initializer> => ({
  key,
  write: formatInitializer,
  read: (text) => readInitializer(text) ?? { kind: text },
});

const fields: { readonly [Name in keyof ExperimentConfig]: Field<ExperimentConfig[Name]> } = {
  /** A folder is the person's own, and goes into no link. */
  data: { key: 'data', write: ({ kind }) => kind, read: (text) => ({ kind: text === 'mnist' ? text : 'digits' }) },
  activations: { key: 'activations', write: writeList, read: readList },
  hidden: { key: 'hidden', write: writeList, read: (text) => readList(text).map(numberOrText) },
  kernelInitializer: initializer('init'),
  biasInitializer: initializer('bias-init'),
  optimizer: word('optimizer'),
  learningRate: number('lr'),
  batchSize: number('batch'),
  epochs: number('epochs'),
  seed: number('seed'),
  seeds: number('seeds'),
  backend: word('backend'),
};

const names = Object.keys(fields) as (keyof ExperimentConfig)[];
const keys = names.map((name) => fields[name].key);

const written = <Name extends keyof ExperimentConfig>(config: ExperimentConfig, name: Name) =>
  [fields[name].key, fields[name].write(config[name])] as const;

const isSaid = (config: ExperimentConfig, name: keyof ExperimentConfig): boolean =>
  JSON.stringify(config[name]) !== JSON.stringify(paperConfig[name]) &&
  !(name === 'data' && config.data.kind === 'folder');

/** What differs from the paper's experiment. */
export const experimentQuery = (config: ExperimentConfig): string =>
  writeQuery(names.filter((name) => isSaid(config, name)).map((name) => written(config, name)));

/** A comparison from a link's query; everything in it is checked. What is not said is the paper's. */
export function readExperimentQuery(text: string): { config: ExperimentConfig } | { problem: string } {
  const query = readQuery(text, keys);
  if ('problem' in query) return query;
  const data = query.pairs.get('data');
  if (data !== undefined && data !== 'digits' && data !== 'mnist') {
    return { problem: `The link's data is “${data.slice(0, 40)}”; expected digits or mnist.` };
  }
  const given = names.flatMap((name) => {
    const value = query.pairs.get(fields[name].key);
    return value === undefined ? [] : [[name, fields[name].read(value)]];
  });
  const result = parseConfig({ ...paperConfig, ...Object.fromEntries(given) });
  if ('config' in result) return result;
  return { problem: result.problems.map(({ message }) => message).join(' ') };
}
