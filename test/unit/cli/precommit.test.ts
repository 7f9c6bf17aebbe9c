// What others run of the terminal's command: the package, the hook of pre-commit, and the lines of docs/check.md.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { folderOf, healthy, run, vanishing } from './command';

const folder = folderOf({ 'vanishing.py': vanishing, 'healthy.py': healthy });
afterAll(folder.remove);

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const hook = readFileSync('.pre-commit-hooks.yaml', 'utf8');
const field = (name: string): string | undefined => new RegExp(`^  ${name}: (.*)$`, 'm').exec(hook)?.[1];

describe('the hook of pre-commit', () => {
  it('runs a command of the package, for the files that are read', () => {
    expect(hook).toMatch(/^- id: gradient-lens$/m);
    expect(field('language')).toBe('node');
    expect(field('types_or')).toBe('[python, jupyter, javascript, jsx, ts, tsx]');
    const [name = '', ...args] = field('entry')!.split(' ');
    const script: string = manifest.bin[name];
    expect(readFileSync(script, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
    for (const [file, code] of [
      ['vanishing.py', 1],
      ['healthy.py', 0],
    ] as const) {
      expect(spawnSync(process.execPath, [script, ...args, join(folder.path, file)]).status).toBe(code);
    }
  });

  it('has all that it reads in the package, which is built when it is installed', () => {
    const [, builder = ''] = manifest.scripts.prepare.split(' ');
    expect(readFileSync(builder, 'utf8')).toContain("'esbuild.mjs'");
    const { stdout } = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      encoding: 'utf8',
      shell: process.platform === 'win32',
    });
    const [{ files }] = JSON.parse(stdout);
    const paths: string[] = files.map(({ path }: { path: string }) => path);
    for (const script of Object.values(manifest.bin)) expect(paths).toContain(script);
    for (const name of ['cli-worker.js', 'worker.js', 'report.js', 'calculator.js', 'flow-worker.js']) {
      expect(paths).toContain(`dist/${name}`);
    }
    expect(paths.filter((path) => /^(src|test|webview|media)\/|\.map$|extension\.js$/.test(path))).toEqual([]);
  });

  it('is packed without a word on the standard output but the file’s name, which pre-commit installs', () => {
    const prepare = 'node -e "console.log(1)"';
    const small = folderOf({
      '.npmrc': readFileSync('.npmrc', 'utf8'),
      'package.json': JSON.stringify({ name: 'small', version: '1.0.0', scripts: { prepare } }),
    });
    const { stdout } = spawnSync('npm', ['pack'], {
      cwd: small.path,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    });
    small.remove();
    expect(stdout.trim()).toBe('small-1.0.0.tgz');
  });
});

describe('docs/check.md', async () => {
  const docs = readFileSync('docs/check.md', 'utf8');
  const help = (await run('check', '--help')).out;

  it('names options that there are, and all of them', () => {
    const named = new Set(docs.match(/(?<![\w-])--[a-z]+(?:-[a-z]+)*/g));
    const known = new Set(help.match(/(?<![\w-])--[a-z]+(?:-[a-z]+)*/g));
    known.delete('--help');
    expect([...named].sort()).toEqual([...known].sort());
  });

  it('shows a hook that there is', () => {
    expect(/- id: (\S+)\n\s+args/.exec(docs)?.[1]).toBe(/- id: (\S+)/.exec(hook)?.[1]);
  });
});
