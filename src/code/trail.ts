/**
 * How far one question may lead: names that stand for each other in a circle, and chains without end, come to nothing
 * instead of running on.
 */
export interface Trail {
  readonly depth: number;
  readonly steps: { left: number };
}

const deepest = 100;

export const newTrail = (): Trail => ({ depth: 0, steps: { left: 1000 } });

/** One step further; undefined where the question has led too far. */
export function further(trail: Trail): Trail | undefined {
  if (trail.depth >= deepest || trail.steps.left <= 0) return undefined;
  trail.steps.left--;
  return { depth: trail.depth + 1, steps: trail.steps };
}
