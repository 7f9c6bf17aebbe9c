import type { VNode } from 'preact';
import './progressBar.css';

/** How much of something is done, 0 … 1. */
export function ProgressBar({
  label,
  share,
  text,
  still = false,
}: {
  label: string;
  share: number;
  /** What is done in words, where the share alone would not say it. */
  text?: string;
  /** Nothing moves now: in a quiet colour. */
  still?: boolean;
}): VNode {
  return (
    <div
      class="bar"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(100 * share)}
      aria-valuetext={text}
    >
      <div class={still ? 'bar-fill still' : 'bar-fill'} style={{ width: `${100 * share}%` }} />
    </div>
  );
}
