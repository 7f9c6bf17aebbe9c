/** Spaces where a line may end: not inside "2.0 × 10⁻⁶", "95 %" and "layer 10". */
const BREAK = / (?![×±%]|(?<=layer )\d)(?<![×±] )/;

/**
 * Breaks a text between words where lines are longer than `columns` (undefined: they stay). Lines keep the spaces that they
 * begin with; those after a break begin with `indent`.
 *
 * @param width columns that a text takes: some characters take two
 */
export function wrapped(
  text: string,
  columns: number | undefined,
  indent = '',
  width: (text: string) => number = ({ length }) => length,
): string {
  if (columns === undefined) return text;
  return text
    .split('\n')
    .flatMap((line) => {
      const lines: string[] = [];
      const [start = ''] = /^ */.exec(line) ?? [];
      let current = start;
      for (const word of line.slice(start.length).split(BREAK)) {
        const isFirst = current.trim() === '';
        const longer = isFirst ? `${current}${word}` : `${current} ${word}`;
        if (!isFirst && width(longer) > columns) {
          lines.push(current);
          current = `${indent}${word}`;
        } else current = longer;
      }
      return [...lines, current];
    })
    .join('\n');
}
