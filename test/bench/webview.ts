import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { readRunLog } from '../../src/core/runs/log';
import { ComparePage } from '../e2e/comparePage';
import setup from '../e2e/setup.mjs';
import { Workbench } from '../e2e/workbench';
import { removeFolder, temporaryFolder } from '../launch/common.mjs';
import { againstTorch, type Comparison } from './pytorch';
import type { Row } from './rows';
import { folder } from './trained';

/** The comparisons with PyTorch in the webview of a real VS Code with the packaged extension, each in a window of its own. */
export default async function* webview(): AsyncGenerator<Row> {
  await setup();
  yield* againstTorch(inWebview);
}

/** Seconds of the longest of the networks, as the run's own file tells. */
async function inWebview({ activations, hidden, initializer, epochs }: Comparison): Promise<number> {
  const profile = temporaryFolder('bench');
  const settings = {
    data: folder,
    activations,
    hiddenLayers: hidden.join(','),
    kernelInitializer: initializer,
    epochs,
  };
  const workbench = await Workbench.open({
    profile,
    settings: Object.fromEntries(
      Object.entries(settings).map(([name, value]) => [`gradientLens.compare.${name}`, value]),
    ),
  });
  try {
    await workbench.runCommand('Gradient Lens: Compare Activations');
    await new ComparePage(workbench).untilPhase('finished');
    return await workbench.until(
      'file of the run',
      async () => secondsIn(profile),
      (seconds) => seconds > 0,
    );
  } finally {
    await workbench.close();
    removeFolder(profile);
  }
}

/** 0 where no run is over. */
function secondsIn(profile: string): number {
  const files = readdirSync(profile, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.run'));
  const over = files.filter((name) => statSync(path.join(profile, name)).isFile());
  if (over.length === 0) return 0;
  const { run } = readRunLog(new Uint8Array(readFileSync(path.join(profile, over[0]!))));
  return Math.max(...run.networks.map(({ seconds }) => seconds));
}
