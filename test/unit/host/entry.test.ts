import { build } from 'esbuild';
import { expect, it } from 'vitest';

/** What a bundle is made of, from the project's folder. */
async function filesIn(entry: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    format: 'cjs',
    platform: 'browser',
    external: ['vscode'],
    logLevel: 'error',
  });
  const [output] = Object.values(metafile.outputs);
  return Object.entries(output!.inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : []));
}

/** What activation may not load: whatever reads code, explains it, or has the rules. */
const heavy = [
  /^src\/code\/(?!language\.ts$)/,
  /@lezer\//,
  /^src\/host\/code\/(?!(registerCode|models\/rulePages)\.ts$)/,
];

it('leaves what reads code out of what activation loads', async () => {
  const files = await filesIn('src/host/extension.ts');
  expect(files).toContain('src/host/code/registerCode.ts');
  expect(files.filter((file) => heavy.some((pattern) => pattern.test(file)))).toEqual([]);
  expect(files.filter((file) => /^src\/core\/advice\/rules\b/.test(file))).toEqual([]);
});

it('keeps what the host has one of out of its second file', async () => {
  const files = await filesIn('src/host/code/codeRoom.ts');
  expect(files).toContain('src/host/code/codeHover.ts');
  // Listeners of the first file would never hear of what the second tells.
  expect(files.filter((file) => /^src\/host\/(firstSteps|runs\/|panels\/(?!columns\.ts$)|data\/)/.test(file))).toEqual(
    [],
  );
});
