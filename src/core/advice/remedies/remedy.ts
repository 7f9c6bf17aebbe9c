import type { Change } from './change';
import type { Subject } from './subject';

/** What may help: an entry of `table.ts`. */
export interface RemedyKind {
  /** What could be tried on a network. Not what it has already; whether a change helps is predicted. */
  readonly changes: (subject: Subject) => readonly Change[];
  /** It makes another network of it: offered only where an ill one has nothing else. */
  readonly lastResort?: true;
}
