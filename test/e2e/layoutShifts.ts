// How much of a page has moved by itself, as the browser counts it.
import type { FrameLocator } from 'playwright-core';

interface LayoutShift extends PerformanceEntry {
  readonly value: number;
  readonly sources: readonly { readonly node: Element | null }[];
}

/** The time of the page's own clock, which starts when it is opened. */
export const clockOf = (frame: FrameLocator): Promise<number> =>
  frame.locator('html').evaluate(() => performance.now());

/** Every shift of the page's layout since then, those right after an input among them. */
export const shiftsIn = (frame: FrameLocator, since = 0): Promise<{ value: number; moved: string }[]> =>
  frame.locator('html').evaluate(
    (_, from) =>
      new Promise<{ value: number; moved: string }[]>((resolve) => {
        const all: { value: number; moved: string }[] = [];
        const observer = new PerformanceObserver((list) => {
          for (const { startTime, value, sources } of list.getEntries() as LayoutShift[]) {
            if (startTime >= from)
              all.push({ value, moved: sources.map(({ node }) => node?.className ?? '').join(', ') });
          }
        });
        observer.observe({ type: 'layout-shift', buffered: true });
        // What is buffered comes with the next task; where nothing has moved, nothing comes.
        requestAnimationFrame(() => setTimeout(() => resolve(all)));
      }),
    since,
  );
