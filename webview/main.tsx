import './styles.css';
import type { Transport } from '../src/protocol/channel';
import { mountCalculator } from './calculator/page';
import { CalculatorSession } from './calculator/session';
import { PageSession } from './session/pageSession';
import { mountPage } from './ui/page';

declare function acquireVsCodeApi(): {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
};

const vscode = acquireVsCodeApi();
const transport: Transport = {
  post: (message) => vscode.postMessage(message),
  listen(receive) {
    const listener = (event: MessageEvent) => receive(event.data);
    window.addEventListener('message', listener);
    return () => window.removeEventListener('message', listener);
  },
};
const environment = { transport, remember: (state: unknown) => vscode.setState(state) };

const root = document.getElementById('root')!;
if (root.dataset.page === 'calculator') {
  const session = new CalculatorSession({ ...environment, kept: vscode.getState() });
  // Drawn once it is known what to show: nothing else is seen first.
  void session.open().then(() => mountCalculator(root, session.store, session));
} else {
  const session = new PageSession(environment);
  mountPage(root, session.store, session);
  void session.open();
}
