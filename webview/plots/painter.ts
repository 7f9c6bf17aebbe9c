import type { CellsPainting, LinesPainting, Painting } from '../../src/core/plots/painting';
import type { PlotRow } from '../../src/core/plots/plot';
import { paintCells } from './painted/cells';
import { Changes } from './painted/changes';
import { paintLines } from './painted/lines';
import { paintPlaces } from './painted/places';
import { epochScale, type FramePlace, type FramePlaces } from './painted/scales';
import type { DrawSymbol } from './painted/symbols';

/** Pixels that a line, a dot or a marker may stand out over its place. */
const MARGIN = 6;

interface PictureSize {
  readonly width: number;
  readonly height: number;
  readonly zoom: number;
}

interface Look {
  readonly font: string;
  readonly foreground: string;
}

/** A strip or a mark that is pointed at, or that the cursor is on. */
export interface Marked {
  readonly strip: PlotRow;
  readonly opacity: number;
  readonly cursor: boolean;
}

/**
 * Paints what changes with every step over a picture of Vega's: the same as a whole spec says, without its dataflow. Of a run
 * that goes on it paints each time only what has come: a strip at the end of each frame.
 */
export class Painter {
  readonly #context: CanvasRenderingContext2D;
  readonly #changes = new Changes();

  /** @param drawSymbol what Vega itself draws markers with */
  constructor(
    readonly element: HTMLCanvasElement,
    private readonly drawSymbol: DrawSymbol,
  ) {
    this.#context = element.getContext('2d')!;
    element.className = 'plot-painting';
    element.setAttribute('aria-hidden', 'true');
  }

  /** @param size of the picture in pixels */
  paint(painting: Painting, frames: FramePlaces, size: PictureSize, look: Look, marked: readonly Marked[]): void {
    const ratio = (window.devicePixelRatio || 1) * size.zoom;
    if (this.#fit(size.width, size.height, ratio)) this.#changes.forget();
    if (painting.of === 'places') {
      this.#clear(size, ratio);
      const cursor = marked.find((each) => each.cursor)?.strip.i;
      for (const [name, frame] of frames) {
        this.#place(frame, ratio);
        paintPlaces(this.#context, painting, name, frame, cursor);
      }
      this.#changes.forget();
      return;
    }
    const places = [...frames].map(([name, { x, y, width, height }]) => [name, x, y, width, height]);
    const from = this.#changes.since(painting, JSON.stringify([places, size, ratio, look.font]));
    if (from === undefined || marked.length > 0) {
      this.#clear(size, ratio);
      for (const [name, frame] of frames) {
        this.#place(frame, ratio);
        this.#frame(painting, name, frame, look.font, 0);
        for (const { strip, opacity } of marked)
          if (frames.size === 1 || strip.n === name) this.#mark(painting, frame, strip, opacity, look.foreground);
      }
      // A mark has to go as a whole.
      if (marked.length > 0) this.#changes.forget();
      return;
    }
    for (const [name, epoch] of from) {
      const frame = frames.get(name);
      if (frame !== undefined)
        this.#end(painting, name, frame, epoch, frames.size === 1 ? size : undefined, ratio, look);
    }
  }

  /** Whether the canvas is another, and empty. */
  #fit(width: number, height: number, ratio: number): boolean {
    const { element } = this;
    const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (element.width === across && element.height === down) return false;
    element.width = across;
    element.height = down;
    element.style.width = `${width}px`;
    element.style.height = `${height}px`;
    return true;
  }

  #clear({ width, height }: PictureSize, ratio: number): void {
    this.#context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.#context.clearRect(0, 0, width, height);
  }

  #place({ x, y }: FramePlace, ratio: number): void {
    this.#context.setTransform(ratio, 0, 0, ratio, ratio * x, ratio * y);
  }

  #frame(painting: LinesPainting | CellsPainting, name: string, frame: FramePlace, font: string, from: number): void {
    const { drawSymbol } = this;
    if (painting.of === 'lines') paintLines(this.#context, painting, name, frame, { font, drawSymbol }, from);
    else paintCells(this.#context, painting, frame, font, from);
  }

  /**
   * Paints a frame anew from an epoch on, with what stands beside it.
   *
   * @param whole the picture, where it has no other frame
   */
  #end(
    painting: LinesPainting | CellsPainting,
    name: string,
    frame: FramePlace,
    epoch: number,
    whole: PictureSize | undefined,
    ratio: number,
    { font }: Look,
  ): void {
    const context = this.#context;
    const from = Math.max(0, Math.min(frame.width, epochScale(painting.epochs, frame)(epoch))) - MARGIN;
    // Whole pixels of the canvas: where the old and the new meet there is no seam.
    const left = Math.floor((frame.x + from) * ratio);
    const right = whole?.width ?? frame.x + frame.width + beside(painting, name);
    const [top, bottom] = whole === undefined ? [frame.y - MARGIN, frame.y + frame.height + MARGIN] : [0, whole.height];
    const [above, below] = [Math.floor(top * ratio), Math.ceil(bottom * ratio)];
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.beginPath();
    context.rect(left, above, Math.ceil(right * ratio) - left, below - above);
    context.clip();
    context.clearRect(left, above, Math.ceil(right * ratio) - left, below - above);
    this.#place(frame, ratio);
    this.#frame(painting, name, frame, font, from - MARGIN);
    context.restore();
  }

  #mark(
    { epochs }: LinesPainting | CellsPainting,
    frame: FramePlace,
    { x1, x2 }: PlotRow,
    opacity: number,
    colour: string,
  ): void {
    const context = this.#context;
    const x = epochScale(epochs, frame);
    context.globalAlpha = opacity;
    context.fillStyle = colour;
    context.fillRect(x(x1 as number), 0, x(x2 as number) - x(x1 as number), frame.height);
    context.globalAlpha = 1;
  }
}

/** Pixels beside a frame that its labels may have. */
function beside(painting: LinesPainting | CellsPainting, name: string): number {
  if (painting.of === 'cells') return MARGIN;
  return Math.max(MARGIN, ...painting.labels.map(({ frame, x, limit }) => (frame === name ? x + limit : 0)));
}
