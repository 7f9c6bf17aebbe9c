import * as vscode from 'vscode';
import { commands } from '../../protocol/commands';
import { trainingHostContract, trainingPageContract } from '../../protocol/pages/training';
import { registerCommand, runCommand } from '../commands';
import { stepDone } from '../firstSteps';
import type { PageServices } from '../panels/page';
import { registerView } from '../panels/view';
import type { Runs } from '../runs/registerRuns';
import type { Status } from '../runs/statusBar';

export interface TrainingServices extends PageServices {
  readonly runs: Runs;
  readonly status: Status;
}

/** The live training view. */
export interface Training extends vscode.Disposable {
  show(options: { preserveFocus: boolean }): Promise<void>;
}

export function registerTraining(services: TrainingServices): Training {
  const { runs, status } = services;
  const view = registerView(services, {
    viewId: 'gradientLens.training',
    kind: { page: 'training', title: 'Training', serves: trainingHostContract, calls: trainingPageContract },
    networks: () => runs.waitingNetworks,
    serve(webview, page) {
      stepDone('watched');
      const { own, closed } = runs.serve(webview, () => page().remote);
      return {
        own: {
          ...own,
          openPanel: () => runCommand(commands.openPanel),
          chooseActivations: () => runCommand(commands.compareWith),
          openCalculator: () => runCommand(commands.openCalculator),
        },
        closed,
      };
    },
  });
  const badge = ({ phase, text }: ReturnType<Status['get']>) =>
    view.setBadge(
      phase === 'running' || phase === 'loading' ? { value: 1, tooltip: `A run trains. ${text}` } : undefined,
    );
  let last = '';
  const subscriptions = vscode.Disposable.from(
    view,
    status.onChange((next) => {
      // The count stays while the epochs go by.
      const key = `${next.phase} ${next.epoch}`;
      if (key === last) return;
      last = key;
      badge(next);
    }),
    registerCommand(commands.showTraining, () => view.show({ preserveFocus: false })),
  );
  return { show: view.show, dispose: () => subscriptions.dispose() };
}
