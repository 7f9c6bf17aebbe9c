import type { Model } from '../../../core/model/model';
import type { FunctionValue } from '../../interpret/values';
import { type FunctionCode, sourceAt } from '../../program/ast';
import type { Steps } from '../../steps';
import { definitionIn, type Ran } from './ran';

/** How many functions are looked at. */
const MOST = 40;

/** Functions of one argument, and of no class. */
function takesOne({ code, owner, self }: FunctionValue): boolean {
  const [first, ...others] = code.parameters;
  if (owner !== undefined || self !== undefined || code.generator || first?.target.kind !== 'name') return false;
  return (
    first.rest === undefined && others.every(({ default: usual, rest }) => usual !== undefined || rest !== undefined)
  );
}

/** The text of a function that may apply layers. */
const applying = /\.(apply|call|predict)\s*\(/;

const layersOf = ({ nodes }: Model): string => nodes.flatMap(({ weights }) => weights ?? []).join(' ');

/** Functions that lead their argument through layers are models too, where no other model has the layers. */
export function* functionModels(ran: Ran): Steps<Model[]> {
  const framework = ran.frameworks.find(({ graphOfFunction }) => graphOfFunction !== undefined);
  if (framework === undefined) return [];
  const found = new Map<string, Model>();
  let count = 0;
  for (const value of [...ran.functions.values()]) {
    const { code, place } = value;
    if (!takesOne(value) || !applying.test(ran.machine.text(sourceAt(place, code))) || count++ > MOST) continue;
    yield;
    const definition = definitionIn(ran, ({ functions }) => functions.get(code as FunctionCode));
    if (definition === undefined) continue;
    const { name = 'model', source } = definition;
    const graph = framework.graphOfFunction?.({ value, name, source }, ran.machine);
    if (graph === undefined) continue;
    // What ends in `argMax` and the like only uses the other one.
    const former = found.get(layersOf(graph));
    if (former === undefined || graph.nodes.length < former.nodes.length) found.set(layersOf(graph), graph);
  }
  return [...found.values()];
}
