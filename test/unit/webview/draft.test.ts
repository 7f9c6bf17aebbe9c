import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { paperConfig } from '../../../src/core/experiment/config';
import { presets } from '../../../src/core/experiment/presets';
import { draftOf, readDraft } from '../../../webview/compare/draft';

describe('the settings form', () => {
  it.each(presets)('means the settings that it shows: $id', ({ config }) => {
    expect(readDraft(draftOf(config))).toEqual({ config });
  });

  it.each([
    ['128', [128]],
    ['128x3', [128, 128, 128]],
    ['128 x 3', [128, 128, 128]],
    ['128×2, 10', [128, 128, 10]],
    ['256,128, 64', [256, 128, 64]],
    ['256 128 64', [256, 128, 64]],
  ])('reads hidden layers %j', (hidden, widths) => {
    expect(readDraft({ ...draftOf(paperConfig), hidden })).toMatchObject({ config: { hidden: widths } });
  });

  it.each([
    ['hidden', { hidden: '128x99' }, /99 layers/],
    ['hidden', { hidden: 'wide' }, /wide/],
    ['hidden', { hidden: '' }, /0 layers/],
    ['epochs', { epochs: 'abc' }, /"abc"/],
    ['epochs', { epochs: '' }, /""/],
    ['batchSize', { batchSize: '1.5' }, /1\.5/],
    ['learningRate', { learningRate: '-1' }, /-1/],
    ['activations', { activations: [] }, /expected 1 to 6/],
    ['data', { data: 'folder', folder: '' }, /folder/],
    ['kernelInitializer', { kernel: { kind: 'normal', first: '0', second: 'x' } }, /standard deviation/],
  ] as const)('says what is wrong with %s', (field, change, message) => {
    const reading = readDraft({ ...draftOf(paperConfig), ...change });
    expect(reading).toHaveProperty('problems');
    const { problems } = reading as { problems: { field: string; message: string }[] };
    expect(problems.find((problem) => problem.field === field)?.message).toMatch(message);
  });

  it('never throws, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (hidden, epochs) => {
        readDraft({ ...draftOf(paperConfig), hidden, epochs });
      }),
    );
  });
});
