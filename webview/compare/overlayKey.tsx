import type { VNode } from 'preact';
import { hiddenText } from '../../src/core/experiment/hidden';
import { formatInteger } from '../../src/core/format/numbers';
import { formatInitializer } from '../../src/core/initializers/initializer';
import { overlaidRuns } from '../../src/core/runs/overlay';
import { currentEpoch } from '../../src/core/runs/progress';
import type { RunRecord } from '../../src/core/runs/record';
import { runStateOf } from '../../src/core/runs/runState';
import type { RunPhase } from '../../src/core/verdicts/runStatus';
import { DashSwatch } from '../kit/swatch';
import './overlayKey.css';

/** What a run was made of and how far it came: all in which runs of an overlay may differ at first sight. */
function factsOf(run: RunRecord): string {
  const { config, dataset } = run;
  const state = runStateOf(run);
  return [
    `epoch ${currentEpoch(run)}/${config.epochs}`,
    ...(state === 'finished' ? [] : [state]),
    config.activations.join(', '),
    hiddenText(config.hidden),
    formatInitializer(config.kernelInitializer),
    `${dataset.name} ${formatInteger(dataset.train)}`,
  ].join(' · ');
}

/** Which run has which dash, and how far each came: in an overlay this stands where one run has its progress. */
export const OverlayKey = ({ run, phase }: { run: RunRecord; phase: RunPhase }): VNode => (
  <ul class="overlay-key" aria-label="Runs" data-testid="phase" data-phase={phase}>
    {overlaidRuns(run).map(({ name, run: own }, group) => {
      const facts = factsOf(own);
      return (
        <li key={name} title={`${name}\n${facts}`}>
          <DashSwatch group={group} />
          <span class="overlay-name">{name}</span>
          <span class="overlay-facts">{facts}</span>
        </li>
      );
    })}
  </ul>
);
