import './styles.css';
import type { ExperimentConfig } from '../src/core/experiment/config';
import { PageSession } from './session/pageSession';
import { mountPage } from './ui/page';

declare function acquireVsCodeApi(): { postMessage(message: unknown): void; setState(state: unknown): void };

const vscode = acquireVsCodeApi();
const session = new PageSession({
  transport: {
    post: (message) => vscode.postMessage(message),
    listen(receive) {
      const listener = (event: MessageEvent) => receive(event.data);
      window.addEventListener('message', listener);
      return () => window.removeEventListener('message', listener);
    },
  },
  remember: (state: { config: ExperimentConfig }) => vscode.setState(state),
});

mountPage(document.getElementById('root')!, session.store, session);
void session.open();
