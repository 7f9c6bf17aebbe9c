import { misfit } from './misfit';
import type { Rule } from './rule';

export const torchDefaultDeep: Rule = {
  id: 'torch-default-deep',
  title: 'PyTorch’s default initialiser in a deep stack',
  severity: 'information',
  offByDefault: true,
  documentation: {
    what: 'Layers of PyTorch left at their default initialiser, in a stack deep enough to feel it.',
    number:
      'The predicted ratio of the gradients with the default and with the initialiser that fits; reported from a factor of three on.',
    why: 'The default, kaiming_uniform_ with a = √5, has a variance of 1/(3·fan-in): a sixth of what ReLU needs and a third of what tanh needs.',
    fix: 'Call nn.init.kaiming_normal_ (ReLU) or nn.init.xavier_normal_ (tanh) on the kernels.',
    sources: ['PyTorch, torch.nn.Linear', 'He et al. 2015'],
    examples: [
      {
        framework: 'PyTorch',
        wrong: 'blocks = [nn.Sequential(nn.Linear(128, 128), nn.ReLU()) for _ in range(8)]',
        right:
          "blocks = [nn.Sequential(nn.Linear(128, 128), nn.ReLU()) for _ in range(8)]\nfor block in blocks:\n    nn.init.kaiming_normal_(block[0].weight, nonlinearity='relu')",
      },
    ],
  },
  check: (context) =>
    context.graph.framework === 'torch'
      ? misfit(torchDefaultDeep, context, (_, kernel) => kernel.kind === 'default')
      : [],
};
