import * as v from 'valibot';
import * as vscode from 'vscode';
import { paperFlow } from '../../core/calculation/config';
import { experimentOfFlow, originSentence } from '../../core/calculation/toExperiment';
import { messageOf } from '../../core/format/errors';
import { readFlowArgument } from '../../core/links/flowArgument';
import { codeCommands, commands } from '../../protocol/commands';
import {
  type CalculatorState,
  calculatorHostContract,
  calculatorPageContract,
  calculatorStateSchema,
} from '../../protocol/pages/calculator';
import { registerCommand, runCommand } from '../commands';
import { stepDone } from '../firstSteps';
import type { PageServices } from '../panels/page';
import { registerPanel } from '../panels/panel';
import { workerAssets } from '../panels/workerAssets';
import { savePage } from './savePage';

/** Where a calculation is of a model in code: which, and the layer that is asked about. */
const codeOfCalculation = v.pick(calculatorStateSchema, ['code', 'layer']);

/**
 * The gradient-flow calculator beside the editor: its command, and panels that VS Code kept through a reload. The page
 * calculates; the host opens it, saves files and keeps nothing.
 */
export function registerCalculator(services: PageServices): vscode.Disposable {
  /** What a page that comes up shows. */
  let state: CalculatorState = { config: paperFlow };
  const panel = registerPanel(services, {
    viewType: 'gradientLens.calculator',
    kind: {
      page: 'calculator',
      title: 'Gradient flow',
      serves: calculatorHostContract,
      calls: calculatorPageContract,
    },
    restore(kept) {
      const saved = v.safeParse(calculatorStateSchema, kept);
      state = saved.success ? saved.output : { config: paperFlow };
    },
    serve: (webview) => ({
      own: {
        ready: () => ({ state, ...workerAssets(webview, services.extensionUri) }),
        compare: (flow) =>
          runCommand(commands.compare, {
            ...experimentOfFlow(flow).settings,
            origin: { text: originSentence('the calculator', flow) },
          }),
        revealLayer: (place) => runCommand(codeCommands.revealLayer, place),
        pasteText: async () => vscode.env.clipboard.readText(),
        savePage: (shown) => savePage(services.extensionUri, shown),
      },
    }),
  });
  const open = (argument: unknown) => {
    const result = readFlowArgument(argument);
    if ('problems' in result) throw new Error(result.problems.map(({ message }) => message).join(' '));
    stepDone('calculated');
    const of = v.safeParse(codeOfCalculation, argument);
    const opening = { config: result.config, ...(of.success ? of.output : {}) };
    if (panel.page === undefined) state = opening;
    const { page, wasOpen } = panel.show();
    if (!wasOpen || argument === undefined) return;
    // A page that is not up yet asks for it.
    state = { ...state, code: undefined, ...opening };
    page.remote.show(opening).catch((error: unknown) => {
      services.log.warn(`Calculator: ${messageOf(error)}`);
    });
  };
  return vscode.Disposable.from(panel, registerCommand(commands.openCalculator, open));
}
