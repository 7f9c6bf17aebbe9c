import { describe, expect, test } from 'vitest';
import { completionAt } from '../../../src/code/completion';
import type { Language } from '../../../src/code/language';
import { lines, withCursor } from './reading';

/** The replaced text, in its quotes, and what it is for. */
function complete(source: string, language: Language): string {
  const { document, offset } = withCursor(source, language);
  const place = completionAt(document, offset);
  if (place === undefined) return '-';
  expect(document.text.slice(place.from, place.to)).not.toContain('\n');
  expect(place.from <= offset && offset <= place.to).toBe(true);
  const text = document.text.slice(place.from, place.to);
  return `${place.quote}${text} of ${place.callee ?? '?'} ${place.keyword ?? 'positional'}`;
}

const check = (language: Language, cases: readonly (readonly [string, string])[]) =>
  test.each(cases)('%s', (source, expected) => {
    expect(complete(source, language)).toBe(expected);
  });

const keras = 'from keras.layers import Dense';
const more = ['x = 3', "y = 'a'", 'def f(x):', '  return (x)', ''];

describe('Python', () => {
  check('python', [
    [lines(keras, "Dense(64, activation='‸"), "' of keras.layers.Dense activation"],
    [lines(keras, "Dense(64, activation='‸", ...more), "' of keras.layers.Dense activation"],
    [lines(keras, 'Dense(64, activation="re‸', ...more), '"re of keras.layers.Dense activation'],
    [lines(keras, 'Dense(64, activation="re‸)', ...more), '"re of keras.layers.Dense activation'],
    [lines(keras, "Dense(64, activation='re‸, name='x')", ...more), "'re of keras.layers.Dense activation"],
    [lines(keras, "Dense(64, activation='‸')", ...more), "' of keras.layers.Dense activation"],
    [lines(keras, "Dense(64, activation='le‸aky_relu')"), "'leaky_relu of keras.layers.Dense activation"],
    [lines(keras, "Dense(64, activation='relu‸')"), "'relu of keras.layers.Dense activation"],
    [lines(keras, "Dense(64, activation='relu'‸)"), '-'],
    [lines(keras, "Dense(64, activation=‸'relu')"), '-'],
    [lines(keras, "Dense(64, '‸", ...more), "' of keras.layers.Dense positional"],
    [lines(keras, "Dense('‸", ...more), '-'],
    [lines(keras, "Dense(64, name='‸", ...more), '-'],
    [
      lines(keras, 'model = Sequential([', "  Dense(64, activation='‸", '  Dense(10)', '])'),
      "' of keras.layers.Dense activation",
    ],
    [
      lines(keras, 'model = Sequential([', "  Dense(64, activation='‸'),", '  Dense(10)', '])'),
      "' of keras.layers.Dense activation",
    ],
    [lines('def f():', "  x = Dense(3, activation='‸", '  y = 4', '  return y', 'def g(): pass'), "' of ? activation"],
    [lines("config = {'activation': '‸", ...more), "' of ? activation"],
    [lines("config = {'a': 1, 'activation': '‸'}", ...more), "' of ? activation"],
    [lines("activation = '‸", ...more), "' of ? activation"],
    [lines("def f(activation='‸", '  pass'), "' of ? activation"],
    [lines("def f(activation='‸'):", '  pass'), "' of ? activation"],
    [lines('Dense(64, activation="""‸', ...more), '""" of ? activation'],
    [lines("Dense(64, activation='relu, ‸"), '-'],
    [lines("Dense(64, activation=f'‸'"), '-'],
    [lines("# activation='‸"), '-'],
    [lines('"""', "activation='‸", '"""'), '-'],
    [lines("Dense(64, activation='a' if b else '‸"), "' of ? activation"],
    [lines("f(activations=['relu', '‸"), "' of ? activations"],
    ['Dense(64, activation=‸', '-'],
    ['‸', '-'],
  ]);
});

describe('JavaScript', () => {
  check('javascript', [
    ["tf.layers.dense({units: 3, activation: '‸", "' of tf.layers.dense activation"],
    [lines("tf.layers.dense({units: 3, activation: '‸", '});', 'f();'), "' of tf.layers.dense activation"],
    [lines("tf.layers.dense({units: 3, activation: 're‸});", 'f();'), "'re of tf.layers.dense activation"],
    ["tf.layers.dense({units: 3, activation: 're‸lu'})", "'relu of tf.layers.dense activation"],
    ["tf.layers.dense({units: 3, activation: 'relu'‸})", '-'],
    [lines('tf.layers.dense({units: 3, activation: `‸', '});', 'f();'), '` of tf.layers.dense activation'],
    [lines('tf.layers.dense({units: 3, activation: `', '‸'), '-'],
    ["const x = {activation: '‸", "' of ? activation"],
    [lines("const activation = '‸", 'f();'), "' of ? activation"],
    ["const name = '‸", '-'],
    ['<Layer activation="‸" />', '" of ? activation'],
  ]);
});
