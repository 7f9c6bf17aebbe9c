import type { TopLevelSpec } from 'vega-lite';
import { CURSOR, moved, placeOf, type Stop, stopsOf, stopText } from '../../src/core/plots/cursor';
import { frameOf, type LiveData } from '../../src/core/plots/painting';
import type { PlotData, PlotLayout, PlotRow, PlotSpec, PlotTheme } from '../../src/core/plots/plot';
import { vegaConfig } from '../../src/core/plots/spec';
import type { EmbeddedPlot } from './embed';
import { pace } from './pace';
import { placeAt } from './painted/places';
import { type Marked, Painter } from './painter';
import { tooltip } from './tooltip';
import { loadVega } from './vega';

/** What a plot needs to draw itself; `key` tells whether its spec must be built anew. */
export interface PlotSource {
  readonly key: string;
  layout(width: number): PlotLayout;
  spec(theme: PlotTheme, layout: PlotLayout): PlotSpec;
  data(layout: PlotLayout): PlotData;
  /** Where it is painted over the frame of its spec. */
  live?(theme: PlotTheme, layout: PlotLayout): LiveData;
}

/** `stream` leaves time to a training; `drag` answers in the next frame. */
export type Pace = 'stream' | 'drag';

/** A plot near the window's edge is drawn before it is seen; one further away is drawn now and then, after so many milliseconds. */
const NEAR = '200px';
const UNSEEN_INTERVAL = 1000;
/** How strongly a strip is marked that is pointed at, and the one under the cursor. */
const MARKED = { pointed: 0.12, cursor: 0.3 } as const;

export const fullSpec = (spec: PlotSpec, theme: PlotTheme): TopLevelSpec =>
  ({ ...spec, config: vegaConfig(theme) }) as unknown as TopLevelSpec;

/** The number of epoch ticks depends on the width, in steps. */
const tickBand = (width: number): number => Math.min(10, Math.floor(width / 28));

/** Keeps one embedded view in step with its source, its width and the theme. */
export class Driver {
  readonly #resize: ResizeObserver;
  readonly #seen: IntersectionObserver;
  #source: PlotSource | undefined;
  #theme: PlotTheme | undefined;
  #plot: EmbeddedPlot | undefined;
  #painter: Painter | undefined;
  /** What is painted; undefined where the whole plot is Vega's. */
  #live: LiveData | undefined;
  /** What the present view was embedded for. */
  #key = '';
  /** What could not be drawn is not tried again and again. */
  #failed = '';
  #width = 0;
  #visible = true;
  #busy = false;
  #again = false;
  #over = false;
  #later: ReturnType<typeof setTimeout> | undefined;
  #cursor: Stop | undefined;
  /** The strip, or the mark, that is pointed at. */
  #pointed: PlotRow | undefined;
  #rows: PlotData['rows'] = [];

  constructor(
    readonly box: HTMLElement,
    readonly pace: Pace,
  ) {
    this.#width = Math.floor(box.clientWidth);
    this.#resize = new ResizeObserver(() => {
      const width = Math.floor(box.clientWidth);
      if (width === this.#width || width === 0) return;
      this.#width = width;
      this.request(true);
    });
    this.#resize.observe(box);
    this.#seen = new IntersectionObserver(
      (entries) => {
        const visible = entries.at(-1)?.isIntersecting ?? true;
        const comes = visible && !this.#visible;
        this.#visible = visible;
        if (comes) this.request(true);
      },
      { rootMargin: NEAR },
    );
    this.#seen.observe(box);
    document.addEventListener('visibilitychange', this.#onVisibility);
    box.addEventListener('pointermove', this.#onPointer);
    box.addEventListener('pointerleave', this.#onPointer);
    // Told to the canvas alone.
    box.addEventListener('contextrestored', this.#onRestored, true);
  }

  readonly #onVisibility = (): void => {
    if (!document.hidden) this.request();
  };

  /** A canvas that a lost GPU held comes back empty, and Vega draws into it as if nothing had been: the view is made anew. */
  readonly #onRestored = (): void => {
    this.#key = '';
    this.request(true);
  };

  readonly #onPointer = (event: PointerEvent): void => {
    if (this.#live === undefined) return;
    const strip = event.type === 'pointermove' ? this.#stripAt(event) : undefined;
    if (strip === undefined) {
      if (this.#pointed !== undefined) tooltip.hide();
    } else tooltip.show(strip.tip as object, event);
    if (strip?.i === this.#pointed?.i) return;
    this.#pointed = strip;
    this.#paint();
  };

  show(source: PlotSource, theme: PlotTheme): void {
    this.#source = source;
    this.#theme = theme;
    if (this.#width > 0) this.#reserve(source.layout(this.#width));
    this.request(true);
  }

  /** Moves the cursor as a key asks, and says what stands there; undefined where the key does nothing. */
  key(key: string): string | undefined {
    if (key === 'Escape') {
      if (this.#cursor === undefined) return undefined;
      this.#cursor = undefined;
      tooltip.hide();
    } else {
      const stops = stopsOf(this.#live?.hover() ?? this.#rows);
      const next = moved(stops, this.#cursor?.id, key);
      if (next === undefined) return undefined;
      this.#cursor = next;
      const columns = this.#source?.layout(this.#width).columns ?? 1;
      const { left, top, width, height } = this.box.getBoundingClientRect();
      // Beside the upper edge of its frame: the rule itself says where it is.
      const { x, y } = placeOf(stops, next, columns);
      tooltip.show(next.tip, { clientX: left + width * x, clientY: top + height * y });
    }
    this.request(true);
    return this.#cursor === undefined ? '' : stopText(this.#cursor);
  }

  /** Keeps the height while a view is being made, so that nothing below moves. */
  #reserve(layout: PlotLayout): void {
    if (this.#plot === undefined) this.box.style.minHeight = `${layout.outer ?? layout.height + 40}px`;
  }

  /**
   * Draws when the page does: once, however often it is asked. Out of sight it takes its time, and in a hidden page it waits.
   *
   * @param now for what a person does
   */
  request(now = this.pace === 'drag'): void {
    if (this.#over || document.hidden) return;
    if (!this.#visible && this.#plot !== undefined && !now) {
      this.#later ??= setTimeout(() => {
        this.#later = undefined;
        this.request(true);
      }, UNSEEN_INTERVAL);
      return;
    }
    if (this.#busy) this.#again = true;
    else pace.request(this.#draw, now && this.#visible);
  }

  readonly #draw = async (): Promise<undefined | 'once'> => {
    const { box } = this;
    const source = this.#source;
    const theme = this.#theme;
    if (this.#over || source === undefined || theme === undefined || this.#width === 0) return;
    this.#busy = true;
    let embedded = false;
    let key = '';
    try {
      const { embedPlot, drawSymbol } = await loadVega();
      if (this.#over) return;
      const layout = source.layout(this.#width);
      const live = source.live?.(theme, layout);
      const found = live ?? source.data(layout);
      this.#rows = found.rows;
      const data = live ?? { ...found, params: { ...found.params, [CURSOR]: this.#cursor?.id ?? '' } };
      const renderer = box.currentCSSZoom > 1 ? 'svg' : 'canvas';
      // A view is fed with another width; another shape is another view.
      const { width, outer: _outer, ...shape } = layout;
      key = JSON.stringify([source.key, theme, shape, tickBand(width), renderer]);
      if (key === this.#failed) return;
      if (this.#plot === undefined || key !== this.#key) {
        embedded = true;
        const whole = source.spec(theme, layout);
        const spec = fullSpec(live === undefined ? whole : frameOf(whole, live.painting.of), theme);
        const plot = await embedPlot({ spec, data, width: layout.width, renderer, tooltip });
        if (this.#over) {
          plot.finalise();
          return;
        }
        const old = this.#plot;
        // Whatever became of the canvas before: on a new one the whole is painted.
        this.#painter = live === undefined ? undefined : new Painter(document.createElement('canvas'), drawSymbol);
        box.replaceChildren(plot.element, ...(this.#painter === undefined ? [] : [this.#painter.element]));
        box.style.minHeight = '';
        old?.finalise();
        this.#plot = plot;
        this.#key = key;
      } else {
        await this.#plot.update(data, layout.width);
      }
      this.#live = live;
      this.#paint();
      box.dataset.points = String(data.points);
    } catch (error) {
      // A plot that cannot be drawn must not take the page with it.
      this.#failed = key;
      console.error('A plot could not be drawn.', error);
    } finally {
      this.#busy = false;
      if (this.#again) {
        this.#again = false;
        this.request();
      }
    }
    return embedded ? 'once' : undefined;
  };

  #paint(): void {
    const plot = this.#plot;
    const theme = this.#theme;
    if (this.#over || this.#live === undefined || this.#painter === undefined || plot === undefined || !theme) return;
    const marked: Marked[] = [];
    if (this.#pointed !== undefined) marked.push({ strip: this.#pointed, opacity: MARKED.pointed, cursor: false });
    const strip = this.#cursor && this.#stripOf(this.#cursor);
    if (strip !== undefined) marked.push({ strip, opacity: MARKED.cursor, cursor: true });
    const { fontFamily: font, foreground } = theme;
    const zoom = this.box.currentCSSZoom;
    this.#painter.paint(this.#live.painting, plot.frames(), { ...plot.size(), zoom }, { font, foreground }, marked);
  }

  #stripOf({ id }: Stop): PlotRow | undefined {
    return this.#live?.hover().find(({ i }) => i === id);
  }

  /** The strip, or the mark, under the pointer. */
  #stripAt({ clientX, clientY }: PointerEvent): PlotRow | undefined {
    const live = this.#live;
    const plot = this.#plot;
    const picture = this.#painter?.element.getBoundingClientRect();
    if (live === undefined || plot === undefined || picture === undefined || picture.width === 0) return undefined;
    const zoom = picture.width / plot.size().width;
    const [x, y] = [(clientX - picture.left) / zoom, (clientY - picture.top) / zoom];
    const frames = plot.frames();
    for (const [name, frame] of frames) {
      if (x < frame.x || x > frame.x + frame.width || y < frame.y || y > frame.y + frame.height) continue;
      const { painting } = live;
      const [left, top] = [x - frame.x, y - frame.y];
      if (painting.of === 'places') {
        const place = placeAt(painting, name, frame, { x: left, y: top });
        return place && live.hover().find(({ i }) => i === place.id);
      }
      const epoch = (left / frame.width) * painting.epochs;
      const isThere = ({ x1, x2 }: PlotRow) => (x1 as number) <= epoch && epoch < (x2 as number);
      return live.hover().find((strip) => (frames.size === 1 || strip.n === name) && isThere(strip));
    }
    return undefined;
  }

  finalise(): void {
    this.#over = true;
    pace.cancel(this.#draw);
    clearTimeout(this.#later);
    this.#resize.disconnect();
    this.#seen.disconnect();
    document.removeEventListener('visibilitychange', this.#onVisibility);
    this.box.removeEventListener('pointermove', this.#onPointer);
    this.box.removeEventListener('pointerleave', this.#onPointer);
    this.box.removeEventListener('contextrestored', this.#onRestored, true);
    this.#plot?.finalise();
    this.#plot = undefined;
  }
}
