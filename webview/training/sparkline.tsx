import type { VNode } from 'preact';
import { activationStyle } from '../../src/core/plots/palette';
import type { Sparkline as Line } from '../../src/core/plots/sparkline';
import { useTheme } from '../plots/theme';
import './sparkline.css';

/** A line for a row of text; what it shows stands beside it in numbers. */
export function Sparkline({ line, activation }: { line: Line; activation: string }): VNode {
  const { background } = useTheme();
  const colour = activationStyle(activation)[background];
  return (
    <svg class="sparkline" viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
      <path class="sparkline-floor" d="M0 1H1" />
      <path class="sparkline-line" d={line.path} stroke={colour} />
    </svg>
  );
}
