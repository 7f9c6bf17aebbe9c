import { expect, it } from 'vitest';
import { activation, activationNames } from '../../../src/core/activations/catalogue';
import { activationPicture, pictureSize } from '../../../src/core/explain/picture';

/** Pixels of a text of 11 pixels, no narrower than any editor's font draws it. */
const widthOf = (text: string): number =>
  [...text].reduce((sum, letter) => sum + (/[.,′()]/.test(letter) ? 3.5 : /[−→]/.test(letter) ? 8.5 : 6.2), 0);

it.each(activationNames)('no label of %s is cut off', (name) => {
  const labels = [...activationPicture(activation(name), 'light').matchAll(/<text ([^>]*)>([^<]*)</g)];
  expect(labels.length).toBeGreaterThan(0);
  for (const [, attributes = '', text = ''] of labels) {
    const x = Number(/(?:^| )x="([^"]*)"/.exec(attributes)?.[1]);
    const before = attributes.includes('"end"') ? 1 : attributes.includes('"middle"') ? 0.5 : 0;
    const left = x - before * widthOf(text);
    expect(left, text).toBeGreaterThanOrEqual(0);
    expect(left + widthOf(text), text).toBeLessThanOrEqual(pictureSize.width);
  }
});
