/** Breaks a text between words where lines are longer than `columns` (undefined: they stay); the lines after a break begin with `indent`. */
export function wrapped(text: string, columns: number | undefined, indent = ''): string {
  if (columns === undefined) return text;
  return text
    .split('\n')
    .flatMap((line) => {
      const lines: string[] = [];
      let current = '';
      for (const word of line.split(' ')) {
        const longer = current === '' ? word : `${current} ${word}`;
        if (current.trim() !== '' && longer.length > columns) {
          lines.push(current);
          current = `${indent}${word}`;
        } else current = longer;
      }
      return [...lines, current];
    })
    .join('\n');
}
