import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asComment, noticesOf, packagesOf } from '../../launch/notices.mjs';

let modules: string;

beforeEach(() => {
  modules = path.join(mkdtempSync(path.join(tmpdir(), 'gradient-lens-')), 'node_modules');
});
afterEach(() => {
  rmSync(path.dirname(modules), { recursive: true });
});

/** An installed package; answers its folder. */
function installed(name: string, licence: Record<string, string>, more: object = {}): string {
  const folder = path.join(modules, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name, version: '1.2.3', license: 'MIT', ...more }));
  for (const [file, text] of Object.entries(licence)) writeFileSync(path.join(folder, file), text);
  return folder;
}

describe('the packages of files', () => {
  it('are those that they lie in, also inside of each other, each once', () => {
    const files = [
      'src/core/words/glossary.ts',
      'node_modules/vega/index.js',
      'node_modules/vega/build/vega.js',
      '../main/node_modules/@lezer/lr/dist/index.js',
      'node_modules/vega-view/node_modules/vega-time/index.js',
    ];
    expect(packagesOf(files)).toEqual([
      '../main/node_modules/@lezer/lr',
      'node_modules/vega',
      'node_modules/vega-view/node_modules/vega-time',
    ]);
  });
});

describe('notices', () => {
  it('have each licence once, under all packages that it is of, with every file that is one', () => {
    const folders = [
      installed('one', { LICENSE: 'Copyright Ann\r\n' }, { repository: { url: 'git+https://example.org/one.git' } }),
      installed('two', { 'license.md': 'Copyright Ann' }),
      installed('@scope/three', { LICENSE: 'Copyright Bob', NOTICE: 'Parts by Cy' }),
    ];
    const text = noticesOf(folders, modules);
    expect(text.match(/Copyright Ann/g)).toHaveLength(1);
    expect(text).toContain('one 1.2.3 (MIT), https://example.org/one\ntwo 1.2.3 (MIT)\n\nCopyright Ann\n');
    expect(text).toContain('@scope/three 1.2.3 (MIT)\n\nCopyright Bob\n\nParts by Cy\n');
  });

  it('take the text of the same licence and owner where a package brings none, and else fail the build', () => {
    installed('vega', { LICENSE: 'Copyright Vega' });
    expect(noticesOf([installed('vega-interpreter', {})], modules)).toContain(
      'vega-interpreter 1.2.3 (MIT)\n\nCopyright Vega',
    );
    expect(() => noticesOf([installed('bare', {})], modules)).toThrow(
      /^bare 1\.2\.3 \(MIT\) has no text of its licence/,
    );
  });

  it('are read in a README that gives the licence in full, and only there', () => {
    const licence = '## License (MIT)\n\nCopyright Ann\n\nPermission is hereby granted, free of charge';
    const told = installed('told', { 'README.md': `# told\n\nDraws.\n\n${licence}` });
    const text = noticesOf([told], modules);
    expect(text).toContain(licence);
    expect(text).not.toContain('Draws.');
    expect(() => noticesOf([installed('named', { 'README.md': '## License\n\nMIT' })], modules)).toThrow(
      'no text of its',
    );
  });

  it('name what is linked into binary files, with its owners and the text of its licence alone', () => {
    const clauses = '1. Source.\n\n2. Binary.\n\n3. Neither the name of Vega\n  may be used.\n\nAS IS';
    installed('vega', { LICENSE: `Copyright (c) Vega\nAll rights reserved.\n\n${clauses}` });
    installed('preact', { LICENSE: 'The MIT License (MIT)\n\nCopyright (c) Jason\n\nPermission is granted' });
    installed('typescript', { LICENSE: 'Apache' });
    const wasm = installed('@tensorflow/tfjs-backend-wasm', {}, { license: 'Apache-2.0' });
    const parts = noticesOf([wasm], modules).split(/^-{72}$/m);
    expect(parts.map((part) => /^(\S.*?) (?:1\.2\.3 )?\(/m.exec(part)?.[1])).toEqual([
      '@tensorflow/tfjs-backend-wasm',
      'XNNPACK',
      'cpuinfo and clog',
      'pthreadpool',
      'FP16 and psimd',
      'FXdiv',
      'Emscripten',
      'musl',
    ]);
    expect(parts[1]).toMatch(/Copyright 2019 Google LLC\n\n1\. Source[\s\S]*3\. Neither[\s\S]*AS IS/);
    expect(parts[3]).toMatch(/2015-2017 Georgia Institute of Technology\n\n1\. Source[\s\S]*2\. Binary\.\n\nAS IS/);
    expect(parts[5]).toContain('Marat Dukhan\n\nPermission is granted');
    expect(parts.join()).not.toMatch(/\(c\) (Vega|Jason)/);
    rmSync(path.join(modules, 'preact'), { recursive: true });
    expect(() => noticesOf([wasm], modules)).toThrow(/^The text of MIT for FP16 and psimd is not in .*preact/);
  });

  it('end neither the comment that they stand in nor the element around it', () => {
    const comment = asComment('see */ alert(1) /* and </script> \n');
    expect(comment.trim()).toMatch(/^\/\*![\s\S]*\*\/$/);
    expect(comment.match(/\*\//g)).toHaveLength(1);
    expect(comment).not.toContain('</');
  });
});
