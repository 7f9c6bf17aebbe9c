// The suite that runs inside VS Code: see test/launch/insideSuite.mjs for the extension hosts it runs in.
import { runMocha } from './mocha';
import './extension.test';
import './compare.test';
import './calculator.test';
import './hover.test';
import './models.test';
import './runs.test';
import './mnist.test';

/** Called by the extension host. */
export function run(): Promise<void> {
  return runMocha();
}
