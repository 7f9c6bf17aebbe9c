import type { VNode } from 'preact';
import { Swatch } from './swatch';
import './legend.css';

/** Which line is which: markers and names, for a plot's caption. */
export const Legend = ({ lines }: { lines: readonly { activation: string; label: string }[] }): VNode => (
  <>
    {lines.map(({ activation, label }, i) => (
      <span class="legend-entry" key={i}>
        <Swatch activation={activation} />
        {label}
      </span>
    ))}
  </>
);
