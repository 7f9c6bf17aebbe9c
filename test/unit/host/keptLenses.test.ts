import { describe, expect, it } from 'vitest';
import { type LensLine, lineChange, movedLine, settledLenses } from '../../../src/host/code/models/keptLenses';

const edit = (from: number, to: number, text: string) =>
  lineChange({ range: { start: { line: from }, end: { line: to } }, text } as Parameters<typeof lineChange>[0]);
const at = (...lines: number[]): LensLine[] => lines.map((line) => ({ line, commands: [] }));

describe('a lens while somebody types', () => {
  it('moves with its line', () => {
    expect(movedLine(5, edit(2, 2, 'x'))).toBe(5);
    expect(movedLine(5, edit(2, 2, 'a\nb\nc'))).toBe(7);
    expect(movedLine(5, edit(2, 4, ''))).toBe(3);
    expect(movedLine(5, edit(2, 4, '\n'))).toBe(4);
  });

  it('stays above what is typed below it, and on its own line', () => {
    expect(movedLine(5, edit(6, 9, 'a\nb'))).toBe(5);
    expect(movedLine(5, edit(5, 5, 'a\nb'))).toBe(5);
  });

  it('stands at the start of what is replaced with its line', () => {
    expect(movedLine(5, edit(3, 8, 'new\ntext'))).toBe(3);
  });

  it('stays where its model cannot be read for the moment, and goes with the model', () => {
    expect(settledLenses(at(3), at(3, 9), () => false)).toEqual(at(3, 9));
    expect(settledLenses(at(3), at(3, 9), () => true)).toEqual(at(3));
    expect(settledLenses(at(3, 10), at(3, 9), () => false)).toEqual(at(3, 10));
  });
});
