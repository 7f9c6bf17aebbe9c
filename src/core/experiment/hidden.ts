/**
 * Reads hidden layers as people write them: `128`, `128x10` (ten layers of 128), `256,128,64`, or mixed.
 * Undefined where the text is none of these; ranges are checked with the config.
 */
export function parseHidden(text: string): number[] | undefined {
  const widths: number[] = [];
  for (const part of text.split(',')) {
    const match = /^\s*(\d{1,6})(?:\s*[x×*]\s*(\d{1,4}))?\s*$/i.exec(part);
    if (!match) return undefined;
    const layers = match[2] === undefined ? 1 : Number(match[2]);
    for (let i = 0; i < layers; i++) widths.push(Number(match[1]));
  }
  return widths.length > 0 ? widths : undefined;
}

/** The shortest text that {@link parseHidden} reads back: `128x10`, `256,128x2`. */
export function formatHidden(widths: readonly number[]): string {
  const parts: string[] = [];
  for (let i = 0; i < widths.length; ) {
    let same = 1;
    while (widths[i + same] === widths[i]) same++;
    parts.push(same === 1 ? String(widths[i]) : `${widths[i]}x${same}`);
    i += same;
  }
  return parts.join(',');
}

/** "10 × 128" where the widths are the same, "256, 128, 64" otherwise. */
export function hiddenText(hidden: readonly number[]): string {
  const [first] = hidden;
  if (hidden.length > 1 && hidden.every((width) => width === first)) return `${hidden.length} × ${first}`;
  return hidden.join(', ');
}
