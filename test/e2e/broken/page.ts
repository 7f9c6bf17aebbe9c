import { paperFlow } from '../../../src/core/calculation/config';
import { mountCalculator } from '../../../webview/calculator/page';
import { CalculatorSession } from '../../../webview/calculator/session';
import { browserEnvironment } from '../../../webview/shell/environment';
import { standInHost } from '../../../webview/standalone/host';

/** The calculator, and a way to hand it what no check lets through and no page can draw. */

const remembered: unknown[] = [];
const session = new CalculatorSession({
  ...browserEnvironment,
  transport: standInHost({ config: { ...paperFlow, networks: 0 } }).transport,
  kept: undefined,
  remember: (state) => remembered.push(state ?? 'nothing'),
});
const root = document.createElement('div');
document.body.append(root);
const opened = session.open().then(() => mountCalculator(root, session.store, session));

Object.assign(window, {
  opened,
  remembered,
  breakPage: () =>
    session.store.set({ history: { past: [], present: { ...paperFlow, widths: [Number.NaN], networks: 0 } } as never }),
});
