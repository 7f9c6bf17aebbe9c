import type { VNode } from 'preact';
import type { Problem, WayOut } from '../../src/core/advice/runStatus';
import { ErrorBanner } from '../kit/banner';

// "Run again" and "Continue" are names of a page's own buttons: here they must not be taken for them.
const texts: Record<WayOut, string> = {
  chooseFolder: 'Choose folder…',
  useDigits: 'Use drawn digits',
  useWasm: 'Use wasm',
  downloadMnist: 'Download MNIST',
  continueRun: 'Go on from the last checkpoint',
  runAgain: 'Try again',
  showLog: 'Show log',
};

/** What went wrong with a run, with the buttons that mend it. */
export const ProblemBanner = ({
  problem,
  onMend,
  onDismiss,
}: {
  problem: Problem;
  onMend(way: WayOut): void;
  onDismiss(): void;
}): VNode => (
  <ErrorBanner
    message={problem.message}
    actions={problem.waysOut.map((way, i) => ({ text: texts[way], primary: i === 0, onSelect: () => onMend(way) }))}
    onDismiss={onDismiss}
  />
);
