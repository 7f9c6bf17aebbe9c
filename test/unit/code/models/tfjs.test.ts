import { describe, expect, test } from 'vitest';
import { readModels } from '../../../../src/code/models/read';
import { corpus, shownModel, usual } from './layersShown';

describe('models of TensorFlow.js', () => {
  test.each(corpus('tfjs').map((file) => [file.name, file] as const))('%s', (_, { documents, expected }) => {
    const { models, problems } = readModels(documents, usual);
    expect(problems).toEqual([]);
    expect(models.map(shownModel)).toEqual(expected);
  });
});
