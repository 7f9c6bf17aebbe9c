import { head } from './cases';
import { type Framework, forms, frameworks } from './frameworks';
import { type Act, dense } from './spec';

/** An output, linear where none is said, and targets as each language writes them. */
interface Targets {
  readonly act?: Act;
  readonly python: string;
  readonly javascript: string;
  /** In place of the Python, where the framework has words of its own. */
  readonly torch?: string;
}

const beyond: readonly Targets[] = [
  {
    act: 'sigmoid',
    python: 'np.array([[1.0], [4.0], [9.0], [16.0]])',
    torch: 'torch.tensor([[1.0], [4.0], [9.0], [16.0]])',
    javascript: 'tf.tensor2d([[1], [4], [9], [16]])',
  },
  {
    act: 'tanh',
    python: '3 * np.random.randn(100, 1)',
    torch: '3 * torch.randn(100, 1)',
    javascript: 'tf.randomNormal([100, 1], 0, 3)',
  },
  {
    act: 'sigmoid',
    python: 'np.sin(np.linspace(0, 2 * 3.14159, 100)).reshape(-1, 1)',
    torch: 'torch.sin(torch.linspace(0, 2 * 3.14159, 100)).unsqueeze(1)',
    javascript: 'tf.linspace(0, 6.28, 100).sin().reshape([100, 1])',
  },
  {
    act: 'tanh',
    python: 'np.array([2 * k + 1 for k in range(100)]).reshape(-1, 1)',
    torch: 'torch.arange(100).float().view(-1, 1) * 2 + 1',
    javascript: 'tf.tensor1d([-3, -1, 1, 3, 5, 7])',
  },
  {
    act: 'sigmoid',
    python: 'np.random.uniform(-5, 5, (100, 1)) ** 2 + 1',
    torch: 'torch.randint(0, 10, (100, 1)).float()',
    javascript: 'tf.randomUniform([100, 1], -5, 5).square().add(1)',
  },
  {
    act: 'tanh',
    python: '-np.arange(1, 50)',
    torch: '-torch.arange(1, 50)',
    javascript: 'tf.linspace(1, 50, 50).mul(-1)',
  },
];

const unbounded = ({ act: _, ...targets }: Targets): Targets => targets;

const within: readonly Targets[] = [
  // The same targets, and an output that reaches them.
  unbounded(beyond[0]!),
  {
    act: 'tanh',
    python: 'np.sin(np.linspace(0, 9, 100))',
    torch: 'torch.sin(torch.linspace(0, 9, 100))',
    javascript: 'tf.linspace(0, 9, 100).sin()',
  },
  {
    act: 'sigmoid',
    python: 'np.random.rand(100, 1)',
    torch: 'torch.rand(100, 1)',
    javascript: 'tf.randomUniform([100, 1])',
  },
  {
    act: 'sigmoid',
    python: 'np.array([0, 1, 1, 0])',
    torch: 'torch.tensor([0.0, 1.0, 1.0, 0.0])',
    javascript: 'tf.tensor1d([0, 1, 1, 0])',
  },
  {
    act: 'sigmoid',
    python: 'np.arange(100) / 99',
    torch: 'torch.arange(100) / 99',
    javascript: 'tf.linspace(0, 50, 100).div(50)',
  },
  {
    act: 'tanh',
    python: 'read("prices.csv")',
    torch: 'torch.tensor(read("prices.csv"))',
    javascript: 'tf.tensor1d(prices)',
  },
];

function written(framework: Framework, form: string, { act, python, torch, javascript }: Targets): string {
  const text = forms[framework][form]!(head(dense(1, act), 'mse'));
  switch (framework) {
    case 'PyTorch':
      return text.replace(
        'import torch.nn.functional as F\n',
        `import torch.nn.functional as F\nfrom torch.utils.data import DataLoader, TensorDataset\nX = torch.randn(100, 64)\nY = ${torch ?? python}\nloader = DataLoader(TensorDataset(X, Y), batch_size=10, shuffle=True)\n`,
      );
    case 'Keras':
      return `import numpy as np\n${text}Y = ${python}\nmodel.fit(X, Y, epochs=10)\n`;
    case 'TensorFlow.js':
      return `${text}const ys = ${javascript};\nawait ${text.includes('const net') ? 'net' : 'model'}.fit(xs, ys, {epochs: 10});\n`;
    default:
      return text.replace('import optax\n', `import optax\nimport numpy as np\ny = ${python}\n`);
  }
}

/** What bounded-output finds, each form with other targets. */
export const boundedExamples = frameworks.flatMap((framework) =>
  Object.keys(forms[framework]).map((form, k) => ({
    framework,
    form,
    wrong: written(framework, form, beyond[k]!),
    right: written(framework, form, within[k]!),
  })),
);
