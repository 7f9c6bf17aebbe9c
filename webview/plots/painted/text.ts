const FONT_SIZE = 11;
/** From the middle of a line of text to its baseline, as Vega has it in every browser. */
const TO_BASELINE = Math.round(0.3 * FONT_SIZE);

/** Writes to the right of a place, at its height. */
export function writeText(
  context: CanvasRenderingContext2D,
  text: string,
  at: { readonly x: number; readonly y: number },
  style: { readonly font: string; readonly colour: string; readonly weight?: number; readonly limit?: number },
): void {
  const { font, colour, weight = 400, limit } = style;
  context.font = `${weight === 400 ? '' : `${weight} `}${FONT_SIZE}px ${font}`;
  context.textBaseline = 'alphabetic';
  context.textAlign = 'left';
  context.fillStyle = colour;
  context.fillText(limit === undefined ? text : shortened(context, text, limit), at.x, at.y + TO_BASELINE);
}

const cut = new Map<string, string>();

/** As much of a text as has room, with an ellipsis where not all of it has. */
function shortened(context: CanvasRenderingContext2D, text: string, limit: number): string {
  const key = `${context.font} ${limit} ${text}`;
  let short = cut.get(key);
  if (short !== undefined) return short;
  short = text;
  for (let length = text.length - 1; length > 0 && context.measureText(short).width > limit; length--)
    short = `${text.slice(0, length)}…`;
  cut.set(key, short);
  return short;
}
