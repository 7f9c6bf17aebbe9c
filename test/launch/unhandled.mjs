// A reporter of Vitest: how many errors nobody caught, which its JSON report leaves out.
import { writeFileSync } from 'node:fs';

export default class Unhandled {
  /** @param {unknown} _modules @param {readonly unknown[]} errors */
  onTestRunEnd(_modules, errors) {
    const file = process.env.GRADIENT_LENS_UNHANDLED;
    if (file !== undefined) writeFileSync(file, JSON.stringify(errors.length));
  }
}
