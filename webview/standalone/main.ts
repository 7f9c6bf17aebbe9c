import { messageOf } from '../../src/core/format/errors';
import '../kit/base.css';
import '../kit/outside.css';
import * as v from 'valibot';
import { CALCULATION_ID, WORKER_ID } from '../../src/core/report/calculatorHtml';
import { calculatorStateSchema } from '../../src/protocol/pages/calculator';
import { mountCalculator } from '../calculator/page';
import { CalculatorSession } from '../calculator/session';
import { followColours } from '../kit/outsideColours';
import { browserEnvironment } from '../shell/environment';
import { launchBrowserWorker, scriptUrl } from '../shell/workers';
import { addressFor, hashOf, readHash } from './address';
import { contentOf, standInHost } from './host';
import './standalone.css';

function start(root: HTMLElement): void {
  const state = v.parse(calculatorStateSchema, JSON.parse(contentOf(`#${CALCULATION_ID}`)));
  const asked = readHash(location.hash);
  const config = asked !== undefined && 'config' in asked ? asked.config : state.config;
  const worker = scriptUrl(contentOf(`#${WORKER_ID}`));
  const host = standInHost({ ...state, config });
  const session = new CalculatorSession({
    ...browserEnvironment,
    transport: host.transport,
    kept: undefined,
    // The address has the calculation: it survives a reload, and can be sent with the file.
    remember: (kept) => history.replaceState(null, '', hashOf(kept?.config ?? state.config, state.config)),
    loadWorkers: async () => ({
      binaries: {},
      gpuBackends: async () => ({}),
      launch: () => launchBrowserWorker(worker),
    }),
  });
  const complain = (problem: string) => session.store.set({ problem });
  void session.open().then(() => {
    if (asked !== undefined && 'problem' in asked) complain(asked.problem);
    mountCalculator(root, session.store, session, {
      kind: 'file',
      link: (shown) => addressFor(location, shown),
    });
  });
  addEventListener('hashchange', ({ newURL }) => {
    // The address may have been written anew by `remember` since.
    const next = readHash(new URL(newURL).hash);
    if (next === undefined) host.show(state.config);
    else if ('config' in next) host.show(next.config);
    else complain(next.problem);
  });
}

followColours();
const root = document.getElementById('root')!;
try {
  start(root);
} catch (error) {
  root.textContent = `This page has no calculation that it can read: ${messageOf(error)}. Save it anew.`;
}
