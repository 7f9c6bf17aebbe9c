import { describe, expect, it } from 'vitest';
import type { LayerBefore } from '../../../src/core/explain/exampleNetwork';
import { hoverMarkdown } from '../../../src/core/explain/hover';
import { pictureSize } from '../../../src/core/explain/picture';
import { resolveSpelling } from '../../../src/core/frameworks/resolve';
import { spellings } from '../../../src/core/frameworks/spellings';
import { plainHover } from '../../fixtures/hoverSnippets';

/** Pixels, as measured in VS Code with a wide font: a line, the space of a paragraph, what frames all, letters of a line. */
const look = { line: 19, gap: 8, frame: 8, table: 11, letters: 101, beside: 52 };
/** Beyond it VS Code cuts a hover off. */
const MOST = 250;

/** Code is drawn in a frame, as wide as two letters. */
const linesOf = (text: string, letters: number): number =>
  Math.ceil((plainHover(text).length + 2 * (text.split('`').length >> 1)) / letters);

/** Of the figures: the picture's, or of the formulas and two lines of values beside it. */
function tableHeight(table: string): number {
  const [, formulas = ''] = /<td colspan="\d+">(.*?)<\/td>/.exec(table) ?? [];
  const lines = formulas.split('<br>').reduce((sum, formula) => sum + linesOf(formula, look.beside), 0);
  return Math.max(pictureSize.height + look.table, lines * look.line + 52);
}

function heightOf(markdown: string): number {
  const parts = markdown.split('\n\n');
  const heights = parts.map((part, i) => {
    if (part.startsWith('<table')) return tableHeight(part);
    // A link's address is not to be seen.
    return look.line * linesOf(i === 0 ? part.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1') : part, look.letters);
  });
  return look.frame + heights.reduce((sum, height) => sum + height, 0) + look.gap * (parts.length - 1);
}

const own: LayerBefore = {
  initializer: { kind: 'he_uniform' },
  fans: { fanIn: 256, fanOut: 256 },
  bias: undefined,
  normalisation: 'none',
};

describe('a hover is not cut off', () => {
  const links = { numbers: 'words', picture: 'data:', compare: 'command:a', calculator: 'command:b' } as const;

  it.each([
    ['an example', undefined],
    ['a layer of the code', own],
  ])('at 750 pixels, of %s', (_name, layer) => {
    const tooHigh = spellings.flatMap((spelling) => {
      const found = resolveSpelling(spelling);
      if (found === undefined || found.problems.length > 0) return [];
      const height = heightOf(hoverMarkdown(found, links, layer));
      return height <= MOST ? [] : [`${spelling.framework} ${spelling.name}: ${height}`];
    });
    expect(tooHigh).toEqual([]);
  });
});
