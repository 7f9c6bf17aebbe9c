import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { TopLevelSpec } from 'vega-lite';
import { CURSOR, moved, placeOf, type Stop, stopsOf, stopText } from '../../src/core/plots/cursor';
import type { PlotData, PlotLayout, PlotSpec, PlotTheme } from '../../src/core/plots/plot';
import { vegaConfig } from '../../src/core/plots/spec';
import { type EmbeddedPlot, embedPlot } from './embed';
import { useTheme } from './theme';
import { tooltip } from './tooltip';
import './VegaPlot.css';

/** What a plot needs to draw itself; `key` tells whether its spec must be built anew. */
export interface PlotSource {
  readonly key: string;
  layout(width: number): PlotLayout;
  spec(theme: PlotTheme, layout: PlotLayout): PlotSpec;
  data(layout: PlotLayout): PlotData;
}

/** `stream` leaves most of the time to a training; `drag` answers in the next frame. */
export type Pace = 'stream' | 'drag';

/** Milliseconds between updates: of a plot that is seen, and of one that is scrolled away. */
const SEEN_INTERVAL = 100;
const UNSEEN_INTERVAL = 1000;
/** Where nothing new has come for so long, nothing trains that wants the time. */
const QUIET = 400;
/** One plot of five may take this share of the time: the training wants the rest. */
const SHARE = 0.05;

export const fullSpec = (spec: PlotSpec, theme: PlotTheme): TopLevelSpec =>
  ({ ...spec, config: vegaConfig(theme) }) as unknown as TopLevelSpec;

/**
 * A Vega-Lite plot that is embedded once and then fed: rows stream into its dataset while the spec stays. It draws at most ten times a
 * second, not at all while the page is hidden, and catches up when it is seen again.
 */
export function VegaPlot({
  kind,
  source,
  revision,
  label,
  pace = 'stream',
}: {
  /** Names the plot for tests. */
  kind: string;
  source: PlotSource;
  /** Raised whenever there is something new to draw. */
  revision: number;
  /** Says in words what the plot shows. */
  label: string;
  pace?: Pace;
}): VNode {
  const theme = useTheme();
  const box = useRef<HTMLDivElement>(null);
  const driver = useRef<Driver>(undefined);
  useLayoutEffect(() => {
    const created = new Driver(box.current!, pace);
    driver.current = created;
    return () => created.finalise();
  }, []);
  useLayoutEffect(() => driver.current?.show(source, theme), [source, theme]);
  useEffect(() => driver.current?.request(), [revision]);
  const [said, setSaid] = useState('');
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const text = driver.current?.key(event.key);
    if (text === undefined) return;
    setSaid(text);
    event.preventDefault();
    event.stopPropagation();
  };
  const onBlur = () => {
    driver.current?.key('Escape');
    setSaid('');
  };
  return (
    <>
      <div
        ref={box}
        class="plot-canvas"
        role="img"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what it says must be reachable by keyboard
        tabIndex={0}
        aria-label={label}
        aria-keyshortcuts="ArrowLeft ArrowRight ArrowUp ArrowDown Home End"
        data-testid="plot"
        data-plot={kind}
        data-points="0"
        onKeyDown={onKeyDown}
        onBlur={onBlur}
      />
      <div class="visually-hidden" role="status" aria-live="polite" data-cursor={kind}>
        {said}
      </div>
    </>
  );
}

/** Keeps one embedded view in step with its source, its width and the theme. */
class Driver {
  readonly #resize: ResizeObserver;
  readonly #seen: IntersectionObserver;
  #source: PlotSource | undefined;
  #theme: PlotTheme | undefined;
  #plot: EmbeddedPlot | undefined;
  /** What the present view was embedded for. */
  #key = '';
  /** What could not be drawn is not tried again and again. */
  #failed = '';
  #width = 0;
  #visible = true;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #frame = 0;
  #next = 0;
  #busy = false;
  #again = false;
  #over = false;
  #cursor: Stop | undefined;
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
      this.#next = 0;
      this.request();
    });
    this.#resize.observe(box);
    this.#seen = new IntersectionObserver((entries) => {
      const visible = entries.at(-1)?.isIntersecting ?? true;
      if (visible && !this.#visible) this.#next = 0;
      this.#visible = visible;
      if (visible) this.request();
    });
    this.#seen.observe(box);
    document.addEventListener('visibilitychange', this.#onVisibility);
  }

  readonly #onVisibility = (): void => {
    if (!document.hidden) this.request();
  };

  show(source: PlotSource, theme: PlotTheme): void {
    this.#source = source;
    this.#theme = theme;
    this.#next = 0;
    if (this.#width > 0) this.#reserve(source.layout(this.#width));
    this.request();
  }

  /** Moves the cursor as a key asks, and says what stands there; undefined where the key does nothing. */
  key(key: string): string | undefined {
    if (key === 'Escape') {
      if (this.#cursor === undefined) return undefined;
      this.#cursor = undefined;
      tooltip.hide();
    } else {
      const stops = stopsOf(this.#rows);
      const next = moved(stops, this.#cursor?.id, key);
      if (next === undefined) return undefined;
      this.#cursor = next;
      const columns = this.#source?.layout(this.#width).columns ?? 1;
      const { left, top, width, height } = this.box.getBoundingClientRect();
      // Beside the upper edge of its frame: the rule itself says where it is.
      const { x, y } = placeOf(stops, next, columns);
      tooltip.show(next.tip, { clientX: left + width * x, clientY: top + height * y });
    }
    this.#next = 0;
    this.request();
    return this.#cursor === undefined ? '' : stopText(this.#cursor);
  }

  /** Keeps the height while a view is being made, so that nothing below moves. */
  #reserve(layout: PlotLayout): void {
    if (this.#plot === undefined) this.box.style.minHeight = `${layout.outer ?? layout.height + 40}px`;
  }

  /** Draws soon: once, however often it is asked. */
  request(): void {
    if (this.#over || document.hidden) return;
    if (this.#busy) {
      this.#again = true;
      return;
    }
    if (this.#frame !== 0) return;
    clearTimeout(this.#timer);
    const wait = this.#next - performance.now();
    if (wait > 0) {
      // What comes meanwhile asks again, and so begins this anew.
      this.#timer = setTimeout(
        () => {
          this.#next = 0;
          this.request();
        },
        Math.min(wait, QUIET),
      );
      return;
    }
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      void this.#draw();
    });
  }

  async #draw(): Promise<void> {
    const { box } = this;
    const source = this.#source;
    const theme = this.#theme;
    if (this.#over || source === undefined || theme === undefined || this.#width === 0) return;
    this.#busy = true;
    const start = performance.now();
    let embedded = false;
    let key = '';
    try {
      const layout = source.layout(this.#width);
      const found = source.data(layout);
      this.#rows = found.rows;
      const data = { ...found, params: { ...found.params, [CURSOR]: this.#cursor?.id ?? '' } };
      const renderer = box.currentCSSZoom > 1 ? 'svg' : 'canvas';
      // A view is fed with another width; another shape is another view.
      const { width, outer: _outer, ...shape } = layout;
      key = JSON.stringify([source.key, theme, shape, tickBand(width), renderer]);
      if (key === this.#failed) return;
      if (this.#plot === undefined || key !== this.#key) {
        embedded = true;
        const plot = await embedPlot(fullSpec(source.spec(theme, layout), theme), data, layout.width, renderer);
        if (this.#over) {
          plot.finalise();
          return;
        }
        const old = this.#plot;
        box.replaceChildren(plot.element);
        box.style.minHeight = '';
        old?.finalise();
        this.#plot = plot;
        this.#key = key;
      } else {
        await this.#plot.update(data, layout.width);
      }
      box.dataset.points = String(data.points);
    } catch (error) {
      // A plot that cannot be drawn must not take the page with it.
      this.#failed = key;
      console.error('A plot could not be drawn.', error);
    } finally {
      this.#busy = false;
      // A view is made once: only what feeding it takes says how often it may be fed.
      const taken = embedded ? 0 : performance.now() - start;
      this.#next = performance.now() + this.#wait(taken);
      if (this.#again) {
        this.#again = false;
        this.request();
      }
    }
  }

  /** Milliseconds until the next drawing, after one that took `taken`. */
  #wait(taken: number): number {
    if (!this.#visible) return UNSEEN_INTERVAL;
    return this.pace === 'drag' ? 0 : Math.max(SEEN_INTERVAL, taken / SHARE - taken);
  }

  finalise(): void {
    this.#over = true;
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    this.#resize.disconnect();
    this.#seen.disconnect();
    document.removeEventListener('visibilitychange', this.#onVisibility);
    this.#plot?.finalise();
    this.#plot = undefined;
  }
}

/** The number of epoch ticks depends on the width, in steps. */
const tickBand = (width: number): number => Math.min(10, Math.floor(width / 28));
