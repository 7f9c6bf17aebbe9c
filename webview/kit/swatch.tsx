import type { VNode } from 'preact';
import { activationStyle, type MarkerShape } from '../../src/core/plots/palette';
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

/** The activation's marker in its colour; decoration, since its name always stands beside it. */
export function Swatch({ activation }: { activation: string }): VNode {
  const { background } = useTheme();
  const style = activationStyle(activation);
  const fill = style[background];
  return (
    <svg class="swatch" width="12" height="12" viewBox="-6 -6 12 12" aria-hidden="true">
      {style.shape === 'circle' ? (
        <circle r="4.2" fill={fill} />
      ) : (
        <polygon points={outlines[style.shape]} fill={fill} />
      )}
    </svg>
  );
}
