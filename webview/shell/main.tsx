import '../kit/base.css';
import { mountCalculator } from '../calculator/page';
import { CalculatorSession } from '../calculator/session';
import { mountPage } from '../compare/page';
import { PageSession } from '../compare/session';
import { openShell } from './vscode';

const shell = openShell();
const root = document.getElementById('root')!;
if (root.dataset.page === 'calculator') {
  const session = new CalculatorSession(shell);
  // Drawn once it is known what to show: nothing else is seen first.
  void session.open().then(() => mountCalculator(root, session.store, session));
} else {
  const session = new PageSession(shell);
  mountPage(root, session.store, session);
  void session.open();
}
