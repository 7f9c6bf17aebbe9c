import type { Binding } from './scope';

/**
 * How far one question may lead: names that stand for each other in a circle, and chains without end, come to nothing
 * instead of running on.
 */
export interface Trail<Answer> {
  readonly depth: number;
  readonly steps: { left: number };
  /** What bindings met on the way came to. */
  readonly known: Map<Binding, Answer>;
}

const deepest = 100;
const longest = 1000;

export const newTrail = <Answer>(): Trail<Answer> => ({ depth: 0, steps: { left: longest }, known: new Map() });

/** One step further; undefined where the question has led too far. */
export function further<Answer>(trail: Trail<Answer>): Trail<Answer> | undefined {
  if (trail.depth >= deepest || trail.steps.left <= 0) return undefined;
  trail.steps.left--;
  return { ...trail, depth: trail.depth + 1 };
}
