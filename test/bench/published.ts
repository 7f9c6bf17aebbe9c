import { atOnce } from '../published/atOnce';
import { isWithin, type Published } from '../published/published';
import { trained } from '../published/trained';
import type { Part, Row } from './rows';
import { compareInTerminal } from './terminal';
import { folder } from './trained';

const digits = (value: number): string => String(Number(value.toPrecision(4)));

const row = (each: Published, found: number): Row => {
  const [lo, hi] = each.range.map(digits);
  const verdict = isWithin(each, found) ? 'within' : 'NOT within';
  const note = `published ${digits(each.published)}, ${verdict} ${lo} … ${hi} (${each.because}); ${each.source}`;
  return { what: each.what, value: found, unit: '', note };
};

/** Figures that others have published, found again: what takes a training on MNIST, after what does not. */
const measure: Part = async function* () {
  for (const each of atOnce) yield row(each, each.find());
  if (folder === undefined) {
    console.error('The figures of trainings need MNIST: name its folder with --data.');
    return;
  }
  for (const { args, figures } of trained) {
    const { runs } = await compareInTerminal(args.split(' '));
    for (const each of figures) yield row(each, each.find(runs));
  }
};

export default measure;
