import { describe, expect, it } from 'vitest';
import { judgeAll } from '../../../src/core/advice/judge';
import { readLink } from '../../../src/core/links/link';
import { overlayRuns } from '../../../src/core/runs/overlay';
import { parseRun } from '../../../src/core/runs/serialise';
import { runFiles, runLinks } from '../../../webview/compare/runFiles';
import { fileStem } from '../../../webview/run/fileStem';
import { sampleRun } from '../core/reportRun';

const early = sampleRun();
const late = { ...sampleRun({ activations: ['tanh'], epochs: 5 }), startedAt: '2026-02-01T08:30:00.000Z' };
const overlay = overlayRuns([
  { run: late, name: 'late' },
  { run: early, name: 'early' },
]);

describe('fileStem', () => {
  it('names a run by its activations and its start', () => {
    expect(fileStem(early)).toBe('sigmoid-relu-2026-01-31-1205');
  });

  it('names an overlay by how many runs it has, and the start of the latest', () => {
    expect(fileStem(overlay)).toBe('overlay-of-2-runs-2026-02-01-0830');
  });
});

describe('runFiles', () => {
  it('offers everything of one run', () => {
    const files = runFiles(early, judgeAll(early));
    expect(files.map(({ name }) => name.split('.').at(-1))).toEqual(['csv', 'json', 'md']);
    expect(parseRun(files[1]!.content()).config).toEqual(early.config);
  });

  it('offers of an overlay all that is shown, and as JSON each run as it was kept', () => {
    const files = runFiles(overlay, judgeAll(overlay));
    expect(files.map(({ text, name }) => [text, name])).toEqual([
      ['CSV: all that was recorded…', 'overlay-of-2-runs-2026-02-01-0830.csv'],
      ['JSON of late…', 'tanh-2026-02-01-0830.gradient-lens.json'],
      ['JSON of early…', 'sigmoid-relu-2026-01-31-1205.gradient-lens.json'],
      ['Markdown: verdicts and table…', 'overlay-of-2-runs-2026-02-01-0830.md'],
    ]);
    expect([1, 2].map((i) => parseRun(files[i]!.content()).config)).toEqual([late.config, early.config]);
  });
});

describe('runLinks', () => {
  it('opens each run of an overlay, whatever is laid over what', () => {
    expect(runLinks(early).map(({ text }) => text)).toEqual(['Copy link']);
    const links = runLinks(overlay);
    expect(links.map(({ text }) => text)).toEqual(['Copy link to late', 'Copy link to early']);
    expect(links.map(({ link }) => readLink(link))).toEqual(
      [late, early].map(({ config }) => ({ kind: 'compare', config })),
    );
  });
});
