import { useMemo, useRef } from 'preact/hooks';
import { margins, type PlotLayout, type PlotSpec, type PlotTheme, singleOuter } from '../../src/core/plots/plot';
import type { PlotSource } from '../plots/driver';

/** A source that can also draw itself to stand alone, with title and legend. */
export interface FigureSource extends PlotSource {
  alone(theme: PlotTheme, layout: PlotLayout): PlotSpec;
}

/** The layout of a plot with one frame. */
export const single =
  (height: number) =>
  (width: number): PlotLayout => ({
    columns: 1,
    width: width - margins.left - margins.right,
    height,
    outer: singleOuter(height),
  });

/**
 * A source that stays the same while what it draws changes, so that its plot is fed and not made anew.
 * @param key changes where the spec does
 */
export function useSource<T>(key: string, input: T, make: (input: () => T) => Omit<FigureSource, 'key'>): FigureSource {
  const latest = useRef(input);
  latest.current = input;
  return useMemo(() => ({ key, ...make(() => latest.current) }), [key]);
}

/** Raised whenever the input is another one. */
export function useRevision(input: unknown): number {
  const seen = useRef({ input, revision: 0 });
  if (seen.current.input !== input) seen.current = { input, revision: seen.current.revision + 1 };
  return seen.current.revision;
}
