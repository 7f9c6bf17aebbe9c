import { describe, expect, it } from 'vitest';
import { diagnose } from '../../../../src/code/diagnostics/diagnose';
import { parse } from '../../../../src/code/document';
import { fixAll } from '../../../../src/code/edits/fixAll';
import { modelFixes } from '../../../../src/code/edits/modelFixes';
import { withTextEdits } from '../../../../src/code/edits/textEdit';
import { readModels } from '../../../../src/code/models/read';

const options = { tensorflowKeras: 3 } as const;

function all(rule: string, text: string) {
  const documents = [{ document: parse(text, 'python'), cell: 0 }];
  const { models } = readModels(documents, options);
  const fix = fixAll(
    rule,
    models.flatMap((model) => modelFixes(model, documents, options)),
    documents,
    options,
  );
  const changed = fix && withTextEdits(documents, fix.edits);
  return {
    fix,
    text: changed?.[0]?.document.text,
    left: changed && diagnose(readModels(changed, options).models, changed).map((each) => each.rule),
  };
}

const sigmoids = (name: string) =>
  `${name} = keras.Sequential([keras.Input((64,))${', layers.Dense(64, "sigmoid")'.repeat(8)}, layers.Dense(10)])\n`;
const head = 'import keras\nfrom keras import layers\n';

describe('fixing all of a rule in a file', () => {
  it('mends every model with its first choice', () => {
    const { fix, text, left } = all('vanishing-flow', head + sigmoids('a') + sigmoids('b') + sigmoids('c'));
    expect(fix?.count).toBe(3);
    expect(text).not.toContain('sigmoid');
    expect(left).not.toContain('vanishing-flow');
  });

  it('is not offered for a single finding, nor for a rule that finds nothing', () => {
    expect(all('vanishing-flow', head + sigmoids('a')).fix).toBeUndefined();
    expect(all('linear-stack', head + sigmoids('a') + sigmoids('b')).fix).toBeUndefined();
  });

  it('changes once what two models share', () => {
    const shared = `${head}def body():\n    return [${'layers.Dense(64, "sigmoid"), '.repeat(8)}]\n`;
    const text = `${shared}a = keras.Sequential([keras.Input((64,)), *body(), layers.Dense(10)])\nb = keras.Sequential([keras.Input((64,)), *body(), layers.Dense(3)])\n`;
    const { fix } = all('vanishing-flow', text);
    // One fix answers both.
    expect(fix).toBeUndefined();
  });
});
