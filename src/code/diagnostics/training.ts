import { missingZeroGrad } from '../../core/advice/rules/missingZeroGrad';
import type { ClassCode, Expression, Statement } from '../program/ast';
import {
  type Call,
  type CodeFinding,
  type CodeText,
  type Found,
  inside,
  isCall,
  isClass,
  isFunction,
  lastName,
  loopAround,
  methodName,
  receiver,
  valuesByName,
} from './walk';

/** Optimisers of `torch.optim` that step without a closure, and that set nothing to zero themselves. */
const optimisers: ReadonlySet<string | undefined> = new Set([
  ...['SGD', 'Adam', 'AdamW', 'Adamax', 'NAdam', 'RAdam', 'RMSprop', 'Adagrad', 'Adadelta', 'ASGD', 'Rprop'],
]);

/** Bases of classes that bring no training of their own. */
const plainBases: ReadonlySet<string | undefined> = new Set(['object', 'ABC', 'Module']);

/** Code that sets gradients to zero, or may: `zero_grad`, `p.grad = None`, `p.grad.zero_()`, hooks. */
function clears({ node }: Found): boolean {
  if (node.kind === 'name' || node.kind === 'member') return /zero_?grad|clear_?grad|_hook$/i.test(node.name);
  if (node.kind === 'constant') return typeof node.value === 'string' && /zero_?grad/.test(node.value);
  if (node.kind === 'assign') return node.targets.some((target) => target.kind === 'member' && target.name === 'grad');
  if (node.kind === 'delete') return node.targets.some((target) => target.kind === 'member' && target.name === 'grad');
  if (node.kind !== 'call') return false;
  const method = methodName(node);
  return method !== undefined && /_$/.test(method) && namesGrad(receiver(node));
}

function namesGrad(expression: Expression | undefined): boolean {
  for (let each = expression; each?.kind === 'member'; each = each.object) if (each.name === 'grad') return true;
  return false;
}

/** `optimizer.step()`, `scaler.step(optimizer)`: the optimiser. */
function stepped(call: Call): Expression | undefined {
  if (methodName(call) !== 'step') return undefined;
  const [first, ...more] = call.arguments;
  if (first === undefined) return receiver(call);
  const scaler = lastName(receiver(call)!) ?? '';
  return more.length === 0 && first.name === undefined && /scaler/i.test(scaler) ? first.value : undefined;
}

/** `loss.backward()`; DeepSpeed and others hand their loss to a method of that name, and do more. */
const isBackward = (call: Call): boolean =>
  methodName(call) === 'backward' && call.arguments.every(({ name }) => name !== undefined);

/** Names of functions and methods of the texts in which gradients are set to zero, at once or by what they call. */
function clearingNames(all: readonly Found[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (let before = -1; before !== names.size; ) {
    before = names.size;
    for (const found of all) {
      if (!clears(found) && !(isCall(found) && names.has(lastName(found.node.callee) ?? ''))) continue;
      for (const each of found.around) if (isFunction(each) && each.name !== undefined) names.add(each.name);
    }
  }
  return names;
}

/** Where all that the texts give a name is an optimiser of PyTorch. */
function isOptimiser(name: string | undefined, values: ReturnType<typeof valuesByName>): boolean {
  const given = name === undefined ? [] : (values.get(name) ?? []);
  return (
    given.length > 0 &&
    given.every(
      (value) =>
        (value.kind === 'call' && optimisers.has(lastName(value.callee))) ||
        // `self.optimizer = optimizer` hands on one that is judged by its own name.
        (value.kind === 'name' && value.name === name),
    ) &&
    given.some(({ kind }) => kind === 'call')
  );
}

const hasOtherBase = ({ bases }: ClassCode): boolean => bases.some(({ value }) => !plainBases.has(lastName(value)));

/** Loops that call backward() and step() in every round, and in which nothing sets gradients to zero. */
export function missingZeroGrads(texts: readonly CodeText[], all: readonly Found[]): CodeFinding[] {
  if (!texts.some(({ text }) => /\btorch\b/.test(text)) || !texts.some(({ text }) => text.includes('backward')))
    return [];
  const steps = all.filter(isCall).filter((call) => stepped(call.node) !== undefined && loopAround(call) !== undefined);
  if (steps.length === 0) return [];
  const values = valuesByName(all);
  const clearing = clearingNames(all);
  const own = new Set(all.flatMap(({ around }) => around.filter(isFunction)).map(({ name }) => name));
  return steps.flatMap((step): CodeFinding[] => {
    const optimiser = stepped(step.node);
    const name = optimiser && lastName(optimiser);
    const loop = optimiser && loopAround(step);
    if (loop === undefined || !isOptimiser(name, values)) return [];
    if (step.around.some((each) => isClass(each) && hasOtherBase(each))) return [];
    const body = inside(all, loop);
    // In the same block: one that steps on a condition gathers gradients on purpose.
    const back = body.find((each) => isCall(each) && isBackward(each.node) && each.block === step.block);
    if (back === undefined || comesOnce(loop)) return [];
    const mayClear = (each: Found): boolean => {
      if (clears(each) || (isCall(each) && clearing.has(lastName(each.node.callee) ?? ''))) return true;
      if (each.node.kind === 'assign')
        return each.node.targets.some((target) => 'name' in target && target.name === name);
      // What is handed the optimiser may do anything with it.
      if (!isCall(each) || each.node === step.node || own.has(lastName(each.node.callee))) return false;
      return (
        !/^(step|unscale_|update|print|append)$/.test(lastName(each.node.callee) ?? '') &&
        each.node.arguments.some(({ value }) => lastName(value) === name)
      );
    };
    if (body.some(mayClear)) return [];
    const message = `Nothing in this loop sets gradients to zero, and backward() adds to them: the k-th \`${name}.step()\` follows the sum of k gradients.`;
    const related = [{ range: back.range, message: 'backward() adds the new gradient to the old ones.' }];
    return [
      {
        rule: missingZeroGrad.id,
        severity: missingZeroGrad.severity,
        range: step.range,
        message,
        related,
        model: undefined,
      },
    ];
  });
}

/** `for _ in range(1)`, and a body that ends with `break`. */
function comesOnce(loop: Extract<Statement, { kind: 'for' | 'while' }>): boolean {
  if (loop.body.some(({ kind }) => kind === 'break' || kind === 'return')) return true;
  if (loop.kind !== 'for' || loop.over.kind !== 'call' || lastName(loop.over.callee) !== 'range') return false;
  const [first, ...more] = loop.over.arguments;
  return more.length === 0 && first?.value.kind === 'constant' && first.value.value === 1;
}
