import type { Rule } from './rule';

/** Looked for in training loops, not in models: `src/code/diagnostics/training`. */
export const missingZeroGrad: Rule = {
  id: 'missing-zero-grad',
  title: 'A training loop that never sets gradients to zero',
  severity: 'error',
  documentation: {
    what: 'A loop of PyTorch that calls backward() and step() in every round, in a file in which nothing sets gradients to zero: no zero_grad, no grad = None. Loops that step on a condition accumulate on purpose and are left out, as are closures, Lightning and other code that steps elsewhere.',
    number:
      'Step k follows the sum of all k gradients so far: after ten rounds of alike gradients it is ten times as large as it should be.',
    why: 'backward() adds to .grad and never replaces it. Old gradients of other weights and batches weigh as much as the new one, and the sum grows from step to step.',
    fix: 'Call optimizer.zero_grad() before backward().',
    sources: ['PyTorch, torch.optim.Optimizer.zero_grad'],
    examples: [
      {
        framework: 'PyTorch',
        wrong: 'for x, y in loader:\n    loss = criterion(model(x), y)\n    loss.backward()\n    optimizer.step()',
        right:
          'for x, y in loader:\n    optimizer.zero_grad()\n    loss = criterion(model(x), y)\n    loss.backward()\n    optimizer.step()',
      },
    ],
  },
};
