import { flagOf, rateOf } from '../../given';
import { kindNamed } from '../kinds/kinds';
import { applyPlans, newLayer } from '../layer';
import { tensorValue } from '../state';
import { type Handler, step } from './call';

/** `F.max_pool2d(x, 2)` as `nn.MaxPool2d(2)` on x. */
export const asLayer =
  (name: string): Handler =>
  (call) => {
    const kind = kindNamed(name);
    const { args, moment, input, type } = call;
    const [, ...positional] = args.positional;
    const sources = new Map(
      [...args.sources].map(([key, range]) => [typeof key === 'number' ? key - 1 : key, range] as const),
    );
    const made = newLayer(`torch.nn.${name}`, kind, { ...args, positional, sources }, moment);
    return tensorValue(applyPlans({ ...made, type, name: undefined }, [input], moment));
  };

/** Normalisation: weights and sizes do not matter here. */
export const normalised =
  (over: 'batch' | 'layer' | 'group' | 'instance' | 'rms'): Handler =>
  (call) =>
    step(call, { operation: { kind: 'normalisation', over }, keeps: true });

export const dropout =
  (variant: 'plain' | 'spatial' | 'alpha'): Handler =>
  (call) => {
    const given = call.given('p', 'training');
    if (flagOf(given.value('training'), true) === false) return tensorValue(call.input);
    return step(call, { operation: { kind: 'dropout', rate: rateOf(given.value('p'), 0.5), variant }, keeps: true });
  };
