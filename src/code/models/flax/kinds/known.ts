import type { LayerDefaults } from '../../../../core/frameworks/layerShelf';
import type { Initializer } from '../../../../core/initializers/initializer';
import type { Initialization, Operation, SourceRange } from '../../../../core/model/model';
import type { Meaning, Plan } from '../layer';

/** What the layers of a library start with where the code says nothing and that is not JAX's usual. */
export interface Usual {
  readonly kernel: Initialization;
  readonly bias: Initialization;
}

export const known = (initializer: Initializer, spelled: string, source: SourceRange): Initialization => ({
  kind: 'known',
  initializer,
  spelled,
  source,
});

export const usualIn = ({ kernel, bias }: LayerDefaults, source: SourceRange): Usual => ({
  kernel: known(kernel.initializer, kernel.name, source),
  bias: known(bias.initializer, bias.name, source),
});

const orUsual = (given: Initialization, usual: Initialization): Initialization =>
  given.kind === 'default' ? usual : given;

function started(operation: Operation, { kernel, bias }: Usual): Operation {
  switch (operation.kind) {
    case 'dense':
    case 'convolution':
      return {
        ...operation,
        kernel: orUsual(operation.kernel, kernel),
        bias: operation.bias && orUsual(operation.bias, bias),
      };
    default:
      return operation;
  }
}

/** A layer's steps with what they start with. */
export const withUsual = (meaning: Meaning, usual: Usual): Meaning => ({
  ...meaning,
  plans: (meaning.plans ?? []).map(
    (plan): Plan => ({ ...plan, operation: (inputs) => started(plan.operation(inputs), usual) }),
  ),
});
