import type { VNode } from 'preact';
import { Swatch } from './swatch';
import './legend.css';

/** Which line is which: markers and names, for a plot's caption. */
export const Legend = ({
  lines,
}: {
  /** In an overlay with the place of a line's run. */
  lines: readonly { activation: string; label: string; group?: number | undefined }[];
}): VNode => (
  <>
    {lines.map(({ activation, label, group }, i) => (
      <span class="legend-entry" key={i}>
        <Swatch activation={activation} group={group} />
        <span class="legend-label" title={label}>
          {label}
        </span>
      </span>
    ))}
  </>
);
