import { pathSymbols } from 'vega';
import { heightOf, type PaintedLabel, type PaintedLine, type Painting } from '../../src/core/plots/painting';
import type { PlotRow } from '../../src/core/plots/plot';

/** A frame's place in the picture, in pixels. */
export interface FramePlace {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Frames by their names; a single one's is empty. */
export type FramePlaces = ReadonlyMap<string, FramePlace>;

/** Vega's sizes of symbols are areas. */
const DOT_RADIUS = Math.sqrt(8 / Math.PI);
const MARKER_SIZE = 42;
const FONT_SIZE = 11;

/** Where values of a painting lie in one of its frames. */
interface Scales {
  x(epoch: number): number;
  y(value: number): number;
}

function scalesOf({ epochs, y }: Painting, { width, height }: FramePlace): Scales {
  const x = (epoch: number) => (epoch / epochs) * width;
  if (y.type === 'linear') return { x, y: (value) => height * (1 - (value - y.low) / (y.high - y.low)) };
  const low = Math.log(y.low);
  const span = Math.log(y.high) - low;
  return { x, y: (value) => height * (1 - (Math.log(value) - low) / span) };
}

/** Paints what changes with every step over a picture of Vega's: the same as a whole spec says, without its dataflow. */
export class Painter {
  readonly #context: CanvasRenderingContext2D;
  readonly #cut = new Map<string, string>();

  constructor(readonly element: HTMLCanvasElement) {
    this.#context = element.getContext('2d')!;
    element.className = 'plot-painting';
    element.setAttribute('aria-hidden', 'true');
  }

  /**
   * @param size of the picture in pixels
   * @param marked the strips that are pointed at, and that the cursor is on
   */
  paint(
    painting: Painting,
    frames: FramePlaces,
    size: { readonly width: number; readonly height: number; readonly zoom: number },
    look: { readonly font: string; readonly foreground: string },
    marked: readonly { readonly strip: PlotRow; readonly opacity: number }[],
  ): void {
    const context = this.#context;
    const ratio = (window.devicePixelRatio || 1) * size.zoom;
    this.#fit(size.width, size.height, ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, size.width, size.height);
    context.lineJoin = 'round';
    for (const [name, frame] of frames) {
      context.setTransform(ratio, 0, 0, ratio, ratio * frame.x, ratio * frame.y);
      this.#frame(painting, name, frame);
      for (const label of painting.labels) if (label.frame === name) this.#label(label, frame, painting, look.font);
      for (const { strip, opacity } of marked) {
        if (frames.size > 1 && strip.n !== name) continue;
        const { x } = scalesOf(painting, frame);
        context.globalAlpha = opacity;
        context.fillStyle = look.foreground;
        context.fillRect(x(strip.x1 as number), 0, x(strip.x2 as number) - x(strip.x1 as number), frame.height);
        context.globalAlpha = 1;
      }
    }
  }

  #fit(width: number, height: number, ratio: number): void {
    const { element } = this;
    const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (element.width === across && element.height === down) return;
    element.width = across;
    element.height = down;
    element.style.width = `${width}px`;
    element.style.height = `${height}px`;
  }

  #frame(painting: Painting, name: string, frame: FramePlace): void {
    const context = this.#context;
    const scales = scalesOf(painting, frame);
    const lines = painting.lines.filter((line) => line.frame === name);
    const { zeroAt } = painting.y;
    context.save();
    context.beginPath();
    context.rect(0, 0, frame.width, frame.height);
    context.clip();
    if (zeroAt !== undefined) for (const line of lines) this.#zeros(line, scales, scales.y(zeroAt));
    context.globalAlpha = painting.bandOpacity;
    for (const line of lines) if (line.band) this.#band(line, scales, zeroAt);
    for (const line of lines) this.#line(line, scales, zeroAt);
    context.globalAlpha = 1;
    context.setLineDash([]);
    context.restore();
    for (const { frame: own, x, y, shape, colour, edge } of painting.markers) {
      if (own !== name) continue;
      context.save();
      context.translate(scales.x(x), scales.y(y));
      context.beginPath();
      pathSymbols(shape).draw(context, MARKER_SIZE);
      context.fillStyle = colour;
      context.fill();
      context.lineWidth = 1;
      context.strokeStyle = edge;
      context.stroke();
      context.restore();
    }
  }

  #zeros({ points, colour, zeroWidth }: PaintedLine, { x }: Scales, height: number): void {
    const context = this.#context;
    context.beginPath();
    let end = Number.NaN;
    for (const { zero, x1, x2 } of points) {
      if (zero === 'none') continue;
      // Strips that touch are one stroke.
      if (x1 !== end) context.moveTo(x(x1), height);
      context.lineTo(x(x2), height);
      end = x2;
    }
    context.strokeStyle = colour;
    context.lineWidth = zeroWidth;
    context.stroke();
  }

  #band({ points, colour, scale }: PaintedLine, { x, y }: Scales, zeroAt: number | undefined): void {
    const context = this.#context;
    context.fillStyle = colour;
    const isDrawn = (i: number) => {
      const point = points[i];
      if (heightOf(point, scale, zeroAt) === undefined || point === undefined) return false;
      return zeroAt === undefined ? !Number.isNaN(point.low) : point.low > 0;
    };
    for (let from = 0; from < points.length; from++) {
      if (!isDrawn(from)) continue;
      let to = from + 1;
      while (to < points.length && isDrawn(to)) to++;
      context.beginPath();
      for (let i = from; i < to; i++) context.lineTo(x(points[i]!.x), y(points[i]!.high * scale));
      for (let i = to - 1; i >= from; i--) context.lineTo(x(points[i]!.x), y(points[i]!.low * scale));
      context.fill();
      from = to;
    }
  }

  #line(line: PaintedLine, { x, y }: Scales, zeroAt: number | undefined): void {
    const { points, scale, colour, inner, opacity } = line;
    const context = this.#context;
    const path = new Path2D();
    const dots = new Path2D();
    let pen = false;
    for (let i = 0; i < points.length; i++) {
      const height = heightOf(points[i], scale, zeroAt);
      if (height === undefined) {
        pen = false;
        continue;
      }
      const [across, down] = [x(points[i]!.x), y(height)];
      if (pen) path.lineTo(across, down);
      else {
        path.moveTo(across, down);
        // A place with nothing beside it, which as a line would be nothing at all.
        if (heightOf(points[i + 1], scale, zeroAt) === undefined) {
          dots.moveTo(across + DOT_RADIUS, down);
          dots.arc(across, down, DOT_RADIUS, 0, 2 * Math.PI);
        }
      }
      pen = true;
    }
    context.globalAlpha = opacity;
    context.setLineDash([...line.dash]);
    context.strokeStyle = colour;
    context.lineWidth = line.width;
    context.stroke(path);
    context.fillStyle = colour;
    context.fill(dots);
    if (inner === undefined) return;
    context.globalAlpha = 1;
    context.strokeStyle = inner.colour;
    context.lineWidth = inner.width;
    context.stroke(path);
  }

  #label({ x, y, text, limit }: PaintedLabel, { width }: FramePlace, { labelColour }: Painting, font: string): void {
    const context = this.#context;
    context.font = `${FONT_SIZE}px ${font}`;
    context.textBaseline = 'middle';
    context.textAlign = 'left';
    context.fillStyle = labelColour;
    context.fillText(this.#shortened(text, limit, font), width + x, y);
  }

  /** As much of a text as has room, with an ellipsis where not all of it has. */
  #shortened(text: string, limit: number, font: string): string {
    const key = `${font} ${limit} ${text}`;
    let cut = this.#cut.get(key);
    if (cut !== undefined) return cut;
    const context = this.#context;
    cut = text;
    for (let length = text.length - 1; length > 0 && context.measureText(cut).width > limit; length--)
      cut = `${text.slice(0, length)}…`;
    this.#cut.set(key, cut);
    return cut;
  }
}
