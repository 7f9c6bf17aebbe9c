import { suitedInitializer as suited } from '../../frameworks/functions';
import { formatInitializer, type Initializer } from '../../initializers/initializer';
import type { RemedyKind } from './remedy';
import { drawnAlike } from './subject';

/** The initialiser that suits the activation; where layers differ, to each its own, or one for all. */
export const suitedInitializer: RemedyKind = {
  changes(subject) {
    if (subject.kernelsStay) return [];
    const each = subject.layers.map(({ phi }) => suited(phi, subject.model.framework));
    const distinct = [...new Map(each.map((one) => [formatInitializer(one), one])).values()];
    const choices: (readonly Initializer[])[] = distinct.map((one) => [one]);
    return (distinct.length > 1 ? [each, ...choices] : choices)
      .filter((initializers) => !drawnAlike(subject, initializers))
      .map((kernelInitializers) => ({ kernelInitializers }));
  },
};
