import type { MarkerShape } from '../../../src/core/plots/palette';

/** Draws the path of a symbol around the context's origin. @param area of a square around it, as Vega gives sizes */
export type DrawSymbol = (context: CanvasRenderingContext2D, shape: MarkerShape, area: number) => void;
