import type { VNode } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Driver, type Pace, type PlotSource } from './driver';
import { useTheme } from './theme';
import './VegaPlot.css';

/**
 * A Vega-Lite plot that is embedded once and then fed: rows stream into its dataset while the spec stays, and what changes with
 * every step is painted over it. It draws when the page does ({@link Driver}), seldom while it is out of sight, not at all in a
 * hidden page, and catches up when it is seen again.
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
  useLayoutEffect(() => driver.current?.request(), [revision]);
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
