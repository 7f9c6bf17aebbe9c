import type { Rule } from './rule';

/** Looked for in evaluation loops, not in models: `src/code/diagnostics/evaluation`. */
export const missingEval: Rule = {
  id: 'missing-eval',
  title: 'A model with dropout or batch normalisation evaluated in training mode',
  severity: 'warning',
  documentation: {
    what: 'PyTorch: a model of this file with dropout or batch normalisation that was trained and is called under torch.no_grad() or inference_mode(), by its name or as what a function is handed, where nothing in the file calls eval() or train(False). Keras: training=True handed to a model in code that does not train: in predict, or without a gradient tape.',
    number: 'How many steps of the model behave otherwise in training: they draw, or go by the batch.',
    why: 'Dropout goes on dropping, so that two evaluations differ; batch normalisation goes by the mean of the batch, so that an example’s answer hangs on the others beside it, and goes on changing its running statistics.',
    fix: 'Call model.eval() before the evaluation and model.train() after it; in Keras leave training=True out.',
    sources: ['PyTorch, torch.nn.Module.eval', 'Keras, layers.Dropout'],
    examples: [
      {
        framework: 'PyTorch',
        wrong:
          'with torch.no_grad():\n    for x, y in test_loader:\n        correct += (model(x).argmax(1) == y).sum()',
        right:
          'model.eval()\nwith torch.no_grad():\n    for x, y in test_loader:\n        correct += (model(x).argmax(1) == y).sum()',
      },
      {
        framework: 'Keras',
        wrong: 'accuracy.update_state(y_test, model(x_test, training=True))',
        right: 'accuracy.update_state(y_test, model(x_test, training=False))',
      },
    ],
  },
};
