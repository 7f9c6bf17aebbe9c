import { layerNames } from './record';

/** A layer's name (see layerNames) inside a sentence: "hidden layer 1", "the hidden layer", "the output layer". */
export function layerInWords(name: string): string {
  const [, number] = /^hidden (\d+)$/.exec(name) ?? [];
  return number === undefined ? `the ${name} layer` : `hidden layer ${number}`;
}

/** Hidden layer `number` (from 1) of `all`: "hidden layer 3", "the hidden layer" of one. */
export const hiddenLayerInWords = (number: number, all: number): string =>
  layerInWords(layerNames(all)[number - 1] ?? `hidden ${number}`);

/** The layer that a gradient reaches last, of a network with so many hidden ones: "hidden layer 1", "the hidden layer". */
export const firstLayerInWords = (hiddenLayers: number): string => layerInWords(layerNames(hiddenLayers)[0]!);

/** Neighbouring layers inside a sentence: "hidden layers 1 to 20", "hidden layer 20 to the output layer". */
export function layersInWords(first: string, last: string): string {
  if (first === last) return layerInWords(first);
  const [, to] = /^hidden (\d+)$/.exec(last) ?? [];
  return to === undefined
    ? `${layerInWords(first)} to ${layerInWords(last)}`
    : `${layerInWords(first).replace('layer', 'layers')} to ${to}`;
}
