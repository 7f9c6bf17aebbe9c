import 'vega';

declare module 'vega' {
  /** A symbol by its name: what Vega itself draws it with. */
  export function pathSymbols(shape: string): { draw(context: CanvasRenderingContext2D, area: number): void };
}
