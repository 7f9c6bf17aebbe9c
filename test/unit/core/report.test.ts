import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeAll } from '../../../src/core/advice/judge';
import { decodeBase64, encodeBase64 } from '../../../src/core/format/base64';
import { float32Text, runCsv } from '../../../src/core/report/csv';
import { runMarkdown } from '../../../src/core/report/markdown';
import { reportHtml } from '../../../src/core/report/reportHtml';
import { accuracyText, epochTable, lossText, markdownTable, plainTable } from '../../../src/core/report/table';
import { RunFileError } from '../../../src/core/runs/fileError';
import { overlayRuns } from '../../../src/core/runs/overlay';
import { parseRun, serialiseRun } from '../../../src/core/runs/serialise';
import { paperInFull } from '../../../src/core/words/paper';
import { endEpoch, record, sampleRun } from './reportRun';

describe('base64', () => {
  it('agrees with Node and reads itself back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 10000 }), (bytes) => {
        const text = encodeBase64(bytes);
        expect(text).toBe(Buffer.from(bytes).toString('base64'));
        expect(decodeBase64(text)).toEqual(bytes);
      }),
    );
  });

  it.each(['a', 'ab=a', 'ab!d', '%%%%', 'äöüß'])('refuses %j', (text) => expect(decodeBase64(text)).toBeUndefined());
});

function filled() {
  const run = sampleRun();
  const [sigmoid, relu] = run.networks;
  record(sigmoid!, 8, { loss: () => 2.31, norm: (_, layer) => (layer === 0 ? 0 : 1.1) });
  record(relu!, 6, {
    loss: (i) => (i === 5 ? Number.NaN : 100 / (i + 1)),
    norm: (i) => (i === 5 ? Number.POSITIVE_INFINITY : i),
  });
  endEpoch(sigmoid!, 0.106, 4.5765);
  endEpoch(sigmoid!, 0.1053, Number.NaN);
  endEpoch(relu!, 0.2977, 553.457);
  sigmoid!.state = 'finished';
  relu!.state = 'running';
  relu!.backend = 'wasm';
  return run;
}

describe('a run as text', () => {
  it('comes back whole, with NaN, infinity and exact zeros', () => {
    const run = filled();
    const back = parseRun(serialiseRun(run));
    expect(back.networks.map(({ steps }) => steps.block())).toEqual(run.networks.map(({ steps }) => steps.block()));
    expect(back.networks.map(({ probes }) => probes.block())).toEqual(run.networks.map(({ probes }) => probes.block()));
    expect(back.networks.map(({ epochs }) => epochs)).toEqual(run.networks.map(({ epochs }) => epochs));
    expect(back.config).toEqual(run.config);
    expect(back.dataset).toEqual(run.dataset);
    expect(back.networks[1]?.backend).toBe('wasm');
    // What was under way was interrupted; all else is written again as it was.
    run.networks[1]!.state = 'interrupted';
    expect(serialiseRun(back)).toBe(serialiseRun(run));
  });

  it('tells of what was under way that it was interrupted', () => {
    expect(parseRun(serialiseRun(filled())).networks.map(({ state }) => state)).toEqual(['finished', 'interrupted']);
  });

  it.each([
    ['', /not JSON/],
    ['{"format":"gradient-lens-run"', /not JSON/],
    ['{"hello":1}', /not a stored run/],
    ['null', /not a stored run/],
    ['{"format":"gradient-lens-run","version":99}', /newer Gradient Lens \(format 99/],
    ['{"format":"gradient-lens-run","version":1}', /damaged/],
  ])('refuses %j in a sentence', (text, message) => {
    expect(() => parseRun(text)).toThrow(RunFileError);
    expect(() => parseRun(text)).toThrow(message);
  });

  it('refuses series of unequal length, settings it does not know and text that is not base64', () => {
    const json = JSON.parse(serialiseRun(filled()));
    const broken = (change: (copy: typeof json) => void) => {
      const copy = structuredClone(json);
      change(copy);
      return () => parseRun(JSON.stringify(copy));
    };
    expect(broken((copy) => (copy.networks[0].steps.loss = 'AAAA'))).toThrow(/damaged at networks\.0\.steps\.loss/);
    expect(broken((copy) => (copy.networks[0].steps.loss = 'AAAAAA=='))).toThrow(
      /sigmoid#0 do not have the same length/,
    );
    expect(broken((copy) => (copy.networks[0].probes.deadShare = ''))).toThrow(/probes of sigmoid#0/);
    expect(broken((copy) => (copy.config.activations = ['softmax']))).toThrow(/softmax/);
  });
});

describe('the table of epochs', () => {
  it('has the paper beside it where the settings are the paper’s', () => {
    const table = epochTable(filled());
    expect(table.columns.map(({ activation, source }) => `${source} ${activation}`)).toEqual([
      'measured sigmoid',
      'measured relu',
      'paper sigmoid',
      'paper relu',
    ]);
    expect(table.rows).toHaveLength(2);
    expect(lossText(table.rows[0]?.cells[0])).toBe('4.5765');
    expect(lossText(table.rows[0]?.cells[3])).toBe('553.4570');
    expect(table.rows[1]?.cells[1]).toBeUndefined();
    expect(lossText(table.rows[1]?.cells[0])).toBe('NaN');
    expect(epochTable(sampleRun({ learningRate: 0.1 })).columns).toHaveLength(2);
  });

  it('gives mean and sample standard deviation over seeds', () => {
    const run = sampleRun({ seeds: 3, activations: ['relu'] });
    for (const [i, network] of run.networks.entries()) endEpoch(network, 0.88 + 0.01 * i, 3);
    const cell = epochTable(run).rows[0]?.cells[0];
    expect(accuracyText(cell)).toBe('0.8900 ± 0.0100');
    expect(lossText(cell)).toBe('3.0000 ± 0.0000');
    for (const text of [markdownTable(run), plainTable(run)])
      expect(text).toMatch(/\n\nMeasured: mean ± standard deviation over 3 seeds\./);
  });

  it('prints as Markdown and as plain text', () => {
    const lines = markdownTable(filled()).split('\n');
    expect(lines[0]).toContain('| epoch | sigmoid accuracy | sigmoid loss |');
    expect(lines[2]).toContain('| 1 | 0.1060 | 4.5765 | 0.2977 | 553.4570 | 0.1060 | 4.5765 | 0.2977 | 553.4570 |');
    expect(
      new Set(
        plainTable(filled())
          .split('\n\n')[0]!
          .split('\n')
          .map((line) => line.length),
      ).size,
    ).toBe(1);
    expect(markdownTable(sampleRun()).split('\n')).toHaveLength(4);
  });

  it.each([60, 80, 120])('fits %d columns of a terminal, with every figure', (columns) => {
    const run = filled();
    const text = plainTable(run, columns);
    for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(columns);
    for (const part of ['sigmoid', 'paper (MNIST): ReLU', '553.4570', '0.1060', '60,000 images'])
      expect(text).toContain(part);
    const figures = (table: string) => table.match(/\d+\.\d{4}/g)?.sort();
    expect(figures(text)).toEqual(figures(plainTable(run)));
    const blocks = text.split('\n\n').filter((block) => block.includes('epoch  accuracy'));
    expect(blocks).toHaveLength(columns < 100 ? 2 : 1);
    for (const block of blocks) expect(new Set(block.split('\n').map((line) => line.length)).size).toBe(1);
  });

  it('is one line a row where there is room, or no terminal', () => {
    expect(plainTable(filled(), 200)).toBe(plainTable(filled()));
    expect(plainTable(filled())).toMatch(/^epoch {2}sigmoid accuracy {2}sigmoid loss/);
  });

  it.each(['digits', 'folder', 'mnist'] as const)('says what the paper’s figures are of beside %s', (kind) => {
    const run = sampleRun({ data: kind === 'folder' ? { kind, folder: 'my_data' } : { kind } });
    const table = epochTable(run);
    const note = [paperInFull, 'The paper’s figures are of MNIST: 60,000 images, 469 steps an epoch.'];
    const own = 'Here: drawn digits, 512 images, 4 steps an epoch.';
    expect(table.note).toEqual(kind === 'mnist' ? [paperInFull] : [...note, own]);
    expect(table.columns.map(({ before }) => before)).toEqual(
      kind === 'mnist' ? ['', '', 'paper', 'paper'] : ['', '', 'paper (MNIST)', 'paper (MNIST)'],
    );
    expect(markdownTable(run).endsWith(own)).toBe(kind !== 'mnist');
    expect(plainTable(run).endsWith(`\n${own}`)).toBe(kind !== 'mnist');
    expect(epochTable({ ...run, config: { ...run.config, learningRate: 0.1 } }).note).toEqual([]);
  });

  it('escapes what Markdown would read', () => {
    const run = filled();
    const text = runMarkdown(
      run,
      new Map([
        [
          'sigmoid#0',
          {
            kind: 'saturated',
            text: 'a <b> *c*',
            head: 'a <b>',
            short: '',
            facts: '',
            figures: '',
            dated: '',
            why: '*c*',
            evidence: [],
            provisional: false,
          },
        ],
      ]),
    );
    expect(text).toContain('a \\<b\\> \\*c\\*');
  });

  it('says of an overlay what each run was made of, and which is partial', () => {
    const whole = sampleRun({ activations: ['tanh'], learningRate: 0.25 });
    for (const network of whole.networks) network.state = 'finished';
    const stopped = filled();
    for (const network of stopped.networks) network.state = 'stopped';
    const overlay = overlayRuns([
      { run: stopped, name: 'first' },
      { run: whole, name: 'second' },
    ]);
    const [, ofFirst, ofSecond] = runMarkdown(overlay, judgeAll(overlay)).split(/^## .*$/m);
    expect(ofFirst).toMatch(/^\n\nStopped in epoch 2 of 2: /);
    expect(ofFirst).toContain('learning rate 0.001');
    expect(ofSecond).not.toContain('Stopped');
    expect(ofSecond).toContain('learning rate 0.25');
    expect(runMarkdown(overlay, judgeAll(overlay))).toContain('- **sigmoid · first** (');
  });
});

describe('CSV', () => {
  it('has a row for each step, with as many fields as the head', () => {
    const lines = runCsv(filled()).trimEnd().split('\r\n');
    expect(lines).toHaveLength(1 + 8 + 6);
    const fields = lines[0]!.split(',').length;
    for (const line of lines) expect(line.split(',')).toHaveLength(fields);
    expect(lines[1]).toMatch(/^sigmoid,0,1,1,2\.31,0\.1,0,1\.1,/);
    expect(lines[4]).toMatch(/,4\.5765,0\.106,4\.5765,0\.106$/);
    expect(lines.at(-1)).toMatch(/^relu,0,2,6,NaN,0\.1,Infinity,Infinity,/);
  });

  it('names the run of each row of an overlay, and puts every layer under its own name', () => {
    const deep = sampleRun({ activations: ['tanh'], hidden: [4, 4], batchSize: 64 });
    record(deep.networks[0]!, 5, { loss: (i) => i, norm: (_, layer) => 7 + layer });
    const overlay = overlayRuns([
      { run: filled(), name: 'shallow, "first"' },
      { run: deep, name: 'deep' },
    ]);
    const [head, ...rows] = runCsv(overlay)
      .trimEnd()
      .split('\r\n')
      .map((line) => line.replace(/"(?:[^"]|"")*"/, 'quoted').split(','));
    expect(head!.slice(0, 5)).toEqual(['run', 'activation', 'seed', 'epoch', 'step']);
    for (const row of rows) expect(row).toHaveLength(head!.length);
    const cells = (run: string) =>
      rows.find((row) => row[0] === run)!.flatMap((cell, i) => (head![i]!.startsWith('gradient norm') ? [cell] : []));
    expect(head!.filter((name) => name.startsWith('gradient norm'))).toEqual(
      ['hidden 1', 'hidden 2', 'hidden', 'output'].map((layer) => `gradient norm: ${layer}`),
    );
    expect(cells('deep')).toEqual(['7', '8', '', '9']);
    expect(cells('quoted')).toEqual(['', '', '0', '1.1']);
    expect(rows.filter(([run]) => run === 'deep').map((row) => row[3])).toEqual(['1', '1', '1', '1', '2']);
  });

  it('writes float32 so that it reads back the same', () => {
    fc.assert(
      fc.property(fc.float(), (x) => {
        expect(Math.fround(Number(float32Text(x)))).toEqual(x === 0 ? 0 : x);
      }),
    );
  });
});

describe('the HTML report', () => {
  it('keeps data, script and style from ending their elements, and says the same', () => {
    const runJson = JSON.stringify({ name: '</script><!-- <script> \u2028' });
    const html = reportHtml({
      runJson,
      script: 'const a = "</script>", b = /<!--/, c = 1 <2;',
      style: 'a::before { content: "</style>" }',
      title: 'sigmoid & <relu>',
      nonce: 'abc123',
    });
    expect(html.match(/<\/script/g)).toHaveLength(2);
    expect(html.match(/<\/style/g)).toHaveLength(1);
    expect(html).not.toContain('<!--');
    expect(html).toContain('<title>sigmoid &amp; &lt;relu&gt;</title>');
    expect(html).toContain('c = 1 <2;');
    const json = /id="run">(.*?)<\/script>/s.exec(html)?.[1] ?? '';
    expect(JSON.parse(json)).toEqual(JSON.parse(runJson));
    expect(html).not.toMatch(/(src|href)=/);
  });
});
