import type { CallArguments, FunctionValue, InstanceValue, Value } from '../../interpret/values';
import { sourceAt } from '../../program/ast';
import { argumentsWith } from '../given';
import { doubtOf, fromDoubt, type Moment } from '../tracing/step';

/** Modules whose base class stands in a file that is not here. */

/** The base that such a class is taken to have: one that no file writes so. */
export const elsewhere = 'torch.nn.modules.module.Module';

/** A method that the base's own `forward` calls: `mc_forward_impl`, `forward_once`. */
export const isForward = (name: string): boolean => /^_?(\w+_)?forward(_\w+)?$/.test(name);

/** Methods that a base may call to make the parts of a model. */
const building =
  /^_?build(_\w+)?$|^_?(create|make|define|setup|init)_(\w+_)?(model|net|network|layers?|modules|encoder|decoder|backbone|head|body|blocks)$/;

/** Runs what the base may have run: nobody knows whether it did, so that what it makes is not certain. */
export function buildElsewhere(instance: InstanceValue, moment: Moment): void {
  const { machine } = moment;
  const { attributes, code, place } = instance.class;
  const text = machine.text(sourceAt(place, code));
  for (const [name, method] of attributes) {
    // One that the class calls itself needs no base.
    if (method.kind !== 'function' || !building.test(name) || text.includes(`self.${name}(`)) continue;
    fromDoubt(machine, doubtOf(machine) + 1, () => {
      machine.call({ ...method, self: instance }, unknownArguments(method, moment), moment.site);
    });
  }
}

const unknownArguments = ({ code }: FunctionValue, moment: Moment): CallArguments => {
  const open = code.parameters.slice(1).filter(({ rest, default: usual }) => rest === undefined && usual === undefined);
  const values = open.map(
    ({ target }): Value => moment.machine.unknown(target.kind === 'name' ? target.name : 'argument'),
  );
  return argumentsWith(values, moment);
};
