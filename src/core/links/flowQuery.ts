import { type FlowConfig, paperFlow, parseFlowConfig } from '../calculation/config';
import { readList, writeList } from '../format/list';
import { readInitializer } from '../frameworks/initializerNames';
import { formatInitializer } from '../initializers/initializer';
import { numberOrText, readQuery, writeQuery } from './query';

/** How each setting of a calculation is called in a link, written, and read. */
interface Field<Value> {
  readonly key: string;
  write(value: Value): string;
  /** What the check then takes, or refuses with a sentence. */
  read(text: string): unknown;
}

const number = (key: string): Field<number | null> => ({ key, write: String, read: numberOrText });
const word = <T extends string>(key: string): Field<T> => ({ key, write: (value) => value, read: (text) => text });

const fields: { readonly [Name in keyof FlowConfig]: Field<FlowConfig[Name]> } = {
  framework: word('framework'),
  /** "sigmoid;tanh", and of each layer "sigmoidx5,tanhx5" */
  candidates: {
    key: 'activations',
    write: (candidates) => candidates.map(({ activations }) => writeList(activations)).join(';'),
    read: (text) => text.split(';').map((list) => ({ activations: readList(list) })),
  },
  widths: { key: 'widths', write: writeList, read: (text) => readList(text).map(numberOrText) },
  inputs: number('inputs'),
  kernelInitializer: {
    key: 'init',
    write: (initializer) => (initializer === null ? '' : formatInitializer(initializer)),
    read: (text) => readInitializer(text) ?? { kind: text },
  },
  biasStd: number('bias-std'),
  normalisation: word('norm'),
  dropout: number('dropout'),
  residual: { key: 'residual', write: String, read: (text) => (text === 'true' ? true : text) },
  inputVariance: number('input-variance'),
  networks: number('networks'),
  data: word('data'),
  seed: number('seed'),
};

const names = Object.keys(fields) as (keyof FlowConfig)[];
const keys = names.map((name) => fields[name].key);

const written = <Name extends keyof FlowConfig>(config: FlowConfig, name: Name): readonly [string, string] => [
  fields[name].key,
  fields[name].write(config[name]),
];

/** What differs from the paper's calculation. */
export const flowQuery = (config: FlowConfig): string =>
  writeQuery(
    names
      .filter((name) => JSON.stringify(config[name]) !== JSON.stringify(paperFlow[name]))
      .map((name) => written(config, name)),
  );

/** A calculation from a link's query; everything in it is checked. */
export function readFlowQuery(text: string): { config: FlowConfig } | { problem: string } {
  const query = readQuery(text, keys);
  if ('problem' in query) return query;
  const given = names.flatMap((name) => {
    const value = query.pairs.get(fields[name].key);
    return value === undefined ? [] : [[name, fields[name].read(value)]];
  });
  const result = parseFlowConfig(Object.fromEntries(given));
  if ('config' in result) return result;
  return { problem: result.problems.map(({ message }) => message).join(' ') };
}
