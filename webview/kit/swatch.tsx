import type { VNode } from 'preact';
import { activationStyle, type MarkerShape, runDash } from '../../src/core/plots/palette';
import { useTheme } from '../plots/theme';
import './swatch.css';

const outlines: Record<Exclude<MarkerShape, 'circle'>, string> = {
  square: '-3.6,-3.6 3.6,-3.6 3.6,3.6 -3.6,3.6',
  diamond: '0,-5 4.2,0 0,5 -4.2,0',
  cross: '-1.7,-5 1.7,-5 1.7,-1.7 5,-1.7 5,1.7 1.7,1.7 1.7,5 -1.7,5 -1.7,1.7 -5,1.7 -5,-1.7 -1.7,-1.7',
  'triangle-up': '0,-4.6 4.8,4 -4.8,4',
  'triangle-down': '0,4.6 4.8,-4 -4.8,-4',
  'triangle-right': '4.6,0 -4,4.8 -4,-4.8',
  'triangle-left': '-4.6,0 4,4.8 4,-4.8',
};

/** How a run of an overlay is drawn, in the colour of the text around it. */
export const DashSwatch = ({ group, colour = 'currentColor' }: { group: number; colour?: string }): VNode => (
  <svg class="swatch" width="28" height="12" viewBox="0 -6 28 12" aria-hidden="true">
    <line x1="0" x2="28" stroke={colour} stroke-width="2" stroke-dasharray={runDash(group).join(' ')} />
  </svg>
);

/** The activation's marker in its colour; decoration, since its name always stands beside it. */
export function Swatch({
  activation,
  group,
}: {
  activation: string;
  /** In an overlay the place of its run: its dash is shown, too. */
  group?: number | undefined;
}): VNode {
  const { background } = useTheme();
  const style = activationStyle(activation);
  const fill = style[background];
  const marker = (
    <svg class="swatch" width="12" height="12" viewBox="-6 -6 12 12" aria-hidden="true">
      {style.shape === 'circle' ? (
        <circle r="4.2" fill={fill} />
      ) : (
        <polygon points={outlines[style.shape]} fill={fill} />
      )}
    </svg>
  );
  if (group === undefined) return marker;
  return (
    <span class="swatch-pair">
      {marker}
      <DashSwatch group={group} colour={fill} />
    </span>
  );
}
