import { calculate } from '../advice/calculate';
import type { FlowConfig } from '../calculation/config';
import { flowTitle } from '../calculation/title';
import { onePage } from './onePage';

/** The bundles that a calculator outside the editor is made of. */
export interface CalculatorParts {
  /** `dist/calculator.js` */
  readonly script: string;
  /** `dist/calculator.css` */
  readonly style: string;
  /** `dist/flow-worker.js`, which measures */
  readonly worker: string;
}

/** Where the parts lie in `dist`. */
export const calculatorPartFiles: Readonly<Record<keyof CalculatorParts, string>> = {
  script: 'calculator.js',
  style: 'calculator.css',
  worker: 'flow-worker.js',
};

/** A page that starts with one calculation, and what the page knows of it by these ids. */
export const CALCULATION_ID = 'calculation';
export const WORKER_ID = 'flow-worker';

const verdicts = (config: FlowConfig): string =>
  calculate(config)
    .map(({ label, verdict }) => `${label}: ${verdict.text}`)
    .join(' ');

/**
 * The calculator as one HTML file that works anywhere, offline, and opens on a calculation.
 * @param state as the page keeps it, with the calculation
 */
export const calculatorHtml = (
  state: { readonly config: FlowConfig },
  { script, style, worker }: CalculatorParts,
  nonce: string,
): string =>
  onePage({
    title: `Gradient flow: ${flowTitle(state.config)}`,
    className: 'standalone',
    withoutScripts: `This page calculates with JavaScript, which is switched off here. ${verdicts(state.config)}`,
    json: { [CALCULATION_ID]: JSON.stringify(state) },
    workers: { [WORKER_ID]: worker },
    script,
    style,
    nonce,
  });
