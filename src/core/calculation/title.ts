import { activation } from '../activations/catalogue';
import { listInWords } from '../format/list';
import type { FlowConfig } from './config';

/** "10 × 128", "5 layers, 256 → 64". */
export function shapeText(widths: readonly number[]): string {
  const [first] = widths;
  return widths.every((width) => width === first)
    ? `${widths.length} × ${first}`
    : `${widths.length} layers, ${first} → ${widths.at(-1)}`;
}

/** Names a calculation: "sigmoid and tanh, 10 × 128". */
export function flowTitle({ candidates, widths }: FlowConfig): string {
  const names = candidates.map(({ activations }) => {
    const all = [...new Set(activations)];
    return all.length === 1 ? activation(all[0]!).label : 'mixed';
  });
  return `${listInWords(names)}, ${shapeText(widths)}`;
}
