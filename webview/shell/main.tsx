import '../kit/base.css';
import { mountCalculator } from '../calculator/page';
import { CalculatorSession } from '../calculator/session';
import { mountPage } from '../compare/page';
import { CompareSession } from '../compare/session';
import { mountModel } from '../model/page';
import { ModelSession } from '../model/session';
import { mountTraining } from '../training/page';
import { TrainingSession } from '../training/session';
import { browserEnvironment } from './environment';
import { openShell } from './vscode';

const shell = openShell();
const root = document.getElementById('root')!;
switch (root.dataset.page) {
  case 'calculator': {
    const session = new CalculatorSession({ ...shell, ...browserEnvironment });
    // Drawn once it is known what to show: nothing else is seen first.
    void session.open().then(() => mountCalculator(root, session.store, session));
    break;
  }
  case 'model': {
    const session = new ModelSession({ ...shell, ...browserEnvironment });
    void session.open().then(() => mountModel(root, session.store, session));
    break;
  }
  case 'training': {
    const session = new TrainingSession({ ...shell, ...browserEnvironment });
    void session.open().then(() => mountTraining(root, session.store, session));
    break;
  }
  default: {
    const session = new CompareSession({ ...shell, ...browserEnvironment });
    void session.open().then(() => mountPage(root, session.store, session));
  }
}
