// Before the first test: everything that is fetched once, and the package that is tested.
import { existsSync } from 'node:fs';
import { ensureChromium } from '../launch/chromium.mjs';
import { makePackage, vsix } from '../launch/package.mjs';
import { ensureVSCode } from '../launch/vscode.mjs';

export default async function setup() {
  await ensureVSCode();
  await ensureChromium();
  // `npm test` has just made it.
  if (!existsSync(vsix) || !process.env.GRADIENT_LENS_PACKAGED) await makePackage();
}
