import { describe, expect, it } from 'vitest';
import { type FlowConfig, paperFlow } from '../../../src/core/calculation/config';
import { CALCULATION_ID, calculatorHtml, WORKER_ID } from '../../../src/core/report/calculatorHtml';
import { type OnePage, onePage } from '../../../src/core/report/onePage';

const hostile = '</script><script>alert(1)</script><!-- </style><img src=https://evil.example/x onerror=alert(2)>"\'&';

const page = (part: Partial<OnePage> = {}): string =>
  onePage({
    title: 'a page',
    className: 'standalone',
    withoutScripts: 'Nothing to see.',
    json: {},
    script: 'start();',
    style: 'a { color: red }',
    nonce: 'abc123',
    ...part,
  });

const outline = (html: string) =>
  [...html.matchAll(/<(\/?(?:script|style|title|body|noscript|img)\b)/gi)].map(([, tag]) => tag);
const contentOf = (html: string, id: string) => new RegExp(`id="${id}">(.*?)</script>`, 's').exec(html)?.[1] ?? '';

describe('a page that is one file', () => {
  it('keeps every text in its place, however hostile', () => {
    const tame = page({ json: { data: '""' }, workers: { own: 'work();' } });
    const html = page({
      title: hostile,
      className: hostile,
      withoutScripts: hostile,
      json: { data: JSON.stringify(hostile) },
      workers: { own: `const text = ${JSON.stringify(hostile)};` },
      script: `const text = ${JSON.stringify(hostile)};`,
      style: `a::before { content: ${JSON.stringify(hostile)} }`,
      nonce: 'abc123',
    });
    const inert = html.replace(/<style>.*?<\/style>|<script[^>]*>.*?<\/script>/gs, (all) =>
      all.replace(/(?<=>).*(?=<\/)/s, ''),
    );
    expect(outline(inert)).toEqual(outline(tame));
    expect(html).not.toContain('<!--');
    expect(JSON.parse(contentOf(html, 'data'))).toBe(hostile);
    // Scripts say the same as before.
    const script = /<script nonce="abc123">(.*?)<\/script>/s.exec(html)?.[1] ?? '';
    expect(new Function(`${script} return text;`)()).toBe(hostile);
    expect(new Function(`${contentOf(html, 'own')} return text;`)()).toBe(hostile);
  });

  it('lets in nothing from outside', () => {
    const html = page();
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';
    const sources = policy
      .replaceAll('&#39;', "'")
      .split('; ')
      .flatMap((each) => each.split(' ').slice(1));
    expect(policy).toMatch(/^default-src &#39;none&#39;/);
    expect(new Set(sources)).toEqual(new Set(["'none'", "'nonce-abc123'", "'unsafe-inline'", 'blob:', 'data:']));
    expect(policy).not.toMatch(/script-src[^;]*(unsafe|data:|blob:|\*)/);
    expect(html).not.toMatch(/<link|<iframe|(src|href)=|@import|url\(/i);
  });
});

describe('the calculator as a page', () => {
  const config: FlowConfig = { ...paperFlow, candidates: [{ activations: ['sigmoid'] }], widths: [8, 8, 8] };
  const parts = { script: 'start();', style: 'a { color: red }', worker: 'measure();' };

  it('has its calculation, its parts, and the verdict where scripts are switched off', () => {
    const html = calculatorHtml({ config }, parts, 'abc123');
    expect(JSON.parse(contentOf(html, CALCULATION_ID))).toEqual({ config });
    expect(contentOf(html, WORKER_ID)).toBe(parts.worker);
    // The worker measures by kernels in WebAssembly.
    expect(html).toContain('script-src &#39;nonce-abc123&#39; &#39;wasm-unsafe-eval&#39;;');
    expect(html).toContain('<title>Gradient flow: sigmoid, 3 × 8</title>');
    expect(/<noscript>(.*?)<\/noscript>/s.exec(html)?.[1]).toMatch(
      /sigmoid: .* of the gradient at hidden layer 3 reaches hidden layer 1/,
    );
  });

  it('comes out the same when a page saves itself', () => {
    const parts2 = {
      script: 'const a = "</script>";',
      style: 'a::before { content: "</style>" }',
      worker: 'b = "<!--";',
    };
    const first = calculatorHtml({ config }, parts2, 'abc123');
    const again = calculatorHtml(
      { config },
      {
        script: /<script nonce[^>]*>(.*?)<\/script>/s.exec(first)![1]!,
        style: /<style>(.*?)<\/style>/s.exec(first)![1]!,
        worker: contentOf(first, WORKER_ID),
      },
      'abc123',
    );
    expect(again).toBe(first);
  });
});
