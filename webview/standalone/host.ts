import type { FlowConfig } from '../../src/core/calculation/config';
import { createNonce } from '../../src/core/format/nonce';
import { calculatorLink } from '../../src/core/links/link';
import { calculatorHtml, WORKER_ID } from '../../src/core/report/calculatorHtml';
import { connect, type Transport } from '../../src/protocol/channel';
import {
  type CalculatorState,
  calculatorHostContract,
  calculatorPageContract,
} from '../../src/protocol/pages/calculator';
import { outsideActions } from '../kit/outside';

/** Both ends of a way for messages inside one page; they arrive a moment later. */
function wire(): readonly [Transport, Transport] {
  const receivers = [new Set<(message: unknown) => void>(), new Set<(message: unknown) => void>()] as const;
  const end = (own: 0 | 1): Transport => ({
    post: (message) =>
      queueMicrotask(() => {
        for (const receive of receivers[own === 0 ? 1 : 0]) receive(message);
      }),
    listen(receive) {
      receivers[own].add(receive);
      return () => receivers[own].delete(receive);
    },
  });
  return [end(0), end(1)];
}

export interface StandIn {
  /** The page's end. */
  readonly transport: Transport;
  /** Shows another calculation; the one before can be brought back. */
  show(config: FlowConfig): void;
}

/** What stands in an element of this page. */
export const contentOf = (selector: string): string => document.querySelector(selector)?.textContent ?? '';

/** This very page on another calculation. */
function pageOf(state: CalculatorState): string {
  return calculatorHtml(
    state,
    { script: contentOf('script[nonce]'), style: contentOf('head > style'), worker: contentOf(`#${WORKER_ID}`) },
    createNonce((bytes) => crypto.getRandomValues(bytes)),
  );
}

/** Answers what the calculator asks of VS Code, as far as a browser can. */
export function standInHost(state: CalculatorState): StandIn {
  const [page, own] = wire();
  const { remote } = connect(
    own,
    calculatorHostContract,
    {
      ready: () => ({ state, worker: WORKER_ID, files: {} }),
      compare: (config) => location.assign(calculatorLink(config)),
      revealLayer: () => {},
      pasteText: () => navigator.clipboard.readText(),
      savePage: (shown) => {
        outsideActions.saveFile('gradient-flow.html', pageOf(shown));
        return true;
      },
      saveFile: (name, content) => {
        outsideActions.saveFile(name, content);
        return true;
      },
      copyText: async (text) => {
        if (!(await outsideActions.copyText(text))) throw new Error('The browser does not let this page copy.');
      },
      showLog: () => {},
      log: (level, text) => console[level](text),
    },
    calculatorPageContract,
    (error) => console.error(error),
  );
  return { transport: page, show: (config) => void remote.show({ config }) };
}
