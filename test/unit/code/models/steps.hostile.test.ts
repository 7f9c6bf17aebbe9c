import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from '../../../../src/code/document';
import { type ModelDocument, type ModelsRead, readingModels, readModels } from '../../../../src/code/models/read';
import { stepsInSlices } from '../../../../src/code/work';
import { inputs } from '../../hostile';
import { corpus, corpusFolder, usual } from './layersShown';

/** The corpus of code that holds models, of all frameworks. */
const files = readdirSync(corpusFolder).flatMap((folder) => corpus(folder));

/** The same texts, with trees that nobody has seen: nothing of a former reading is taken over. */
const anew = ({ documents }: (typeof files)[number]): ModelDocument[] =>
  documents.map(({ document: { text, language }, cell }) => ({ document: parse(text, language), cell }));

describe('models that are read in steps', () => {
  it('are those that are read in one go, whoever else reads between the steps', () => {
    const whole = new Map<(typeof files)[number], ModelsRead>();
    const some = fc.array(fc.constantFrom(...files), { minLength: 2, maxLength: 3 });
    fc.assert(
      fc.property(some, fc.infiniteStream(fc.nat(100)), (chosen, turns) => {
        const readings = chosen.map((file) => ({ file, steps: readingModels(anew(file), usual) }));
        for (let open = [...readings]; open.length > 0; ) {
          const turn = open[turns.next().value! % open.length]!;
          const { done, value } = turn.steps.next();
          if (!done) continue;
          const { file } = turn;
          if (!whole.has(file)) whole.set(file, readModels(anew(file), usual));
          expect(value).toEqual(whole.get(file));
          open = open.filter((each) => each !== turn);
        }
      }),
      inputs(12),
    );
  });

  it('are given up past what they may take, and where nobody wants them any more', async () => {
    const [file] = files;
    let [now, rests] = [0, 0];
    const limits = { slice: 3, all: Number.POSITIVE_INFINITY, now: () => now++, rest: async () => void rests++ };
    expect(await stepsInSlices(readingModels(anew(file!), usual), limits)).toEqual(readModels(anew(file!), usual));
    expect(rests).toBeGreaterThan(1);
    const enough = rests;
    rests = 0;
    expect(await stepsInSlices(readingModels(anew(file!), usual), { ...limits, all: 3 })).toBeUndefined();
    expect(rests).toBeLessThan(enough);
    expect(await stepsInSlices(readingModels(anew(file!), usual), limits, () => false)).toBeUndefined();
  });

  it('have a step for each statement of a long text, of each kind of it', () => {
    const long = (line: (i: number) => string): ModelDocument[] => [
      {
        document: parse(`from torch import nn\n${Array.from({ length: 300 }, (_, i) => line(i)).join('')}`, 'python'),
        cell: 0,
      },
    ];
    for (const documents of [
      long((i) => `x${i} = nn.Linear(${i + 1}, 2)\n`),
      long((i) => `def f${i}():\n    return nn.Sequential(nn.Linear(${i + 1}, 2), nn.ReLU())\n`),
      long((i) => `class N${i}(nn.Module):\n    def __init__(self):\n        self.a = nn.Linear(${i + 1}, 2)\n`),
    ]) {
      const steps = readingModels(documents, usual);
      let count = 0;
      while (!steps.next().done) count++;
      // Lowered, followed, looked through for definitions; most of them tried as well.
      expect(count).toBeGreaterThan(900);
    }
  });
});
