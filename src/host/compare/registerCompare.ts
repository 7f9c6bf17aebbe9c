import * as vscode from 'vscode';
import { experimentOfFlow, networkInWords, originSentence } from '../../core/calculation/toExperiment';
import { type ExperimentConfig, networkCount, parseConfig } from '../../core/experiment/config';
import { messageOf } from '../../core/format/errors';
import { readFlowArgument } from '../../core/links/flowArgument';
import { codeCommands, commands, isNetworks } from '../../protocol/commands';
import { compareHostContract, comparePageContract, type KeptRun } from '../../protocol/pages/compare';
import { isActive } from '../../protocol/pages/runs';
import type { Origin } from '../../protocol/schemas';
import { registerCommand, runCommand } from '../commands';
import type { PageServices } from '../panels/page';
import { registerPanel } from '../panels/panel';
import type { Runs } from '../runs/registerRuns';
import { chooseCompanions } from './companions';

export interface CompareServices extends PageServices {
  readonly runs: Runs;
  /** The comparison that the settings describe. */
  settings(): ExperimentConfig;
}

/** The comparison's panel beside the editor. */
export interface Compare extends vscode.Disposable {
  /** Shows kept runs, several over each other; none shows the current run. */
  showKept(runs: readonly KeptRun[], options?: { preserveFocus: boolean }): void;
  /** Shows settings, ready to be started. */
  propose(config: ExperimentConfig): void;
}

export function registerCompare(services: CompareServices): Compare {
  const { runs, log, settings } = services;
  /** What a page that comes up shows; none is the current run. */
  let kept: readonly KeptRun[] = [];
  /** Settings that a page that comes up puts into its form. */
  let proposed: ExperimentConfig | null = null;
  /** The panel is shown on a projector: remembered until the window closes, also where the panel is opened anew. */
  let presenting = false;
  /** Networks that train in the page as soon as it is up. */
  let networks = 0;
  const panel = registerPanel(services, {
    viewType: 'gradientLens.compare',
    kind: { page: 'compare', title: 'Compare activations', serves: compareHostContract, calls: comparePageContract },
    restore() {
      kept = [];
    },
    networks: () => networks,
    serve(webview, page) {
      const { own, closed } = runs.serve(webview, () => page().remote);
      void vscode.commands.executeCommand('setContext', 'gradientLens.panel', true);
      return {
        own: {
          ...own,
          kept: () => [...kept],
          proposed() {
            const own = proposed;
            proposed = null;
            return own;
          },
          showCode: (model) => runCommand(codeCommands.showLayers, model),
          presenting: () => presenting,
          setPresenting(on) {
            presenting = on;
          },
          leaveKept() {
            kept = [];
          },
          openRunFiles: (files) => runs.takeIn(files.map(({ name, bytes }) => ({ name, read: async () => bytes }))),
          // As the explorer's menu does with those that are selected in it.
          async openRunAddresses(addresses) {
            await vscode.commands.executeCommand(commands.importRun.id, addresses[0], addresses);
          },
          openCalculator: (flow) => runCommand(commands.openCalculator, flow),
        },
        closed() {
          void vscode.commands.executeCommand('setContext', 'gradientLens.panel', false);
          closed();
        },
      };
    },
  });
  const showKept: Compare['showKept'] = (shown, options) => {
    kept = shown;
    const { page, wasOpen } = panel.show(options);
    // A page that is not up yet asks for it.
    if (wasOpen) {
      page.remote.showKept([...shown]).catch((error: unknown) => {
        log.warn(`Compare: ${messageOf(error)}`);
      });
    }
  };

  const present = async () => {
    presenting = !presenting;
    const { page, wasOpen } = panel.show();
    if (wasOpen) await page.remote.present(presenting);
  };

  const propose: Compare['propose'] = (config) => {
    kept = [];
    const { page, wasOpen } = panel.show();
    if (!wasOpen) {
      proposed = config;
      return;
    }
    page.remote.propose(config).catch((error: unknown) => {
      log.warn(`Compare: ${messageOf(error)}`);
    });
  };

  /** @param given settings that differ for this comparison, checked like any others, and where they come from */
  const compare = async (given: ({ readonly origin?: Origin | undefined } & Record<string, unknown>) | undefined) => {
    const { origin, ...override } = given ?? {};
    const configured = settings();
    const wanted = given === undefined ? { config: configured } : parseConfig({ ...configured, ...override });
    if ('problems' in wanted) throw new Error(wanted.problems[0]!.message);
    const wasOpen = panel.page !== undefined;
    // What trains is shown; what is open is brought to the front. Otherwise the person wants to see something train.
    const start = given !== undefined || (!wasOpen && !isActive(runs.status.phase));
    if (start && !(await runs.mayStart())) return;
    networks = start ? networkCount(wanted.config) : 0;
    showKept([]);
    networks = 0;
    if (start) await runs.start(wanted.config, origin);
  };

  const subscriptions = vscode.Disposable.from(
    panel,
    registerCommand(commands.compare, compare),
    registerCommand(commands.openPanel, () => showKept([])),
    registerCommand(commands.present, present),
    registerCommand(commands.compareWith, async (given) => {
      if (typeof given !== 'object') {
        const activations = await chooseCompanions(given);
        if (activations) await compare({ activations });
        return;
      }
      const { settings, network, origin } = isNetworks(given) ? given : networksOfCalculation(given);
      const activations = await chooseCompanions(settings.activations[0], network);
      if (activations) await compare({ ...settings, activations, origin });
    }),
  );
  return { showKept, propose, dispose: () => subscriptions.dispose() };
}

/** @throws Error with a sentence for what is no calculation */
function networksOfCalculation(given: object) {
  const reading = readFlowArgument(given);
  if ('problems' in reading) throw new Error(reading.problems[0]!.message);
  return {
    settings: experimentOfFlow(reading.config).settings,
    network: networkInWords(reading.config),
    origin: { text: originSentence('the hover', reading.config) },
  };
}
