import type { VNode } from 'preact';
import { formatPercent, formatTable } from '../../src/core/format/numbers';
import type { Sparkline as Line } from '../../src/core/plots/sparkline';
import { networkName } from '../../src/core/runs/overlay';
import type { NetworkRecord, RunRecord } from '../../src/core/runs/record';
import { scoreOf } from '../../src/core/verdicts/findings';
import type { Verdict } from '../../src/core/verdicts/verdict';
import { Swatch } from '../kit/swatch';
import { Icon } from '../kit/toolkit';
import { unbroken } from '../kit/unbroken';
import { verdictBadge } from '../run/verdicts';
import { Sparkline } from './sparkline';
import './networkRow.css';

/** One network in two lines: its name and verdict, then loss and accuracy so far. */
export function NetworkRow({
  run,
  network,
  verdict,
  loss,
  accuracy,
  selected,
  onSelect,
}: {
  run: RunRecord;
  network: NetworkRecord;
  verdict: Verdict | undefined;
  loss: Line;
  accuracy: Line;
  /** Its gradient is shown; undefined where all are. */
  selected: boolean | undefined;
  onSelect(): void;
}): VNode {
  const badge = verdictBadge(network, verdict);
  const isEmpty = network.steps.count === 0;
  const score = scoreOf(network);
  const name = networkName(run, network);
  const sentence = verdict?.text ?? network.message;
  const head = (
    <>
      <Swatch activation={network.activation} />
      <span class="network-name" title={name}>
        {name}
      </span>
      <span class={`network-badge ${badge.tone}`}>
        <Icon name={badge.icon} />
        {badge.text}
      </span>
    </>
  );
  return (
    <li class="network" data-testid="network" data-activation={network.activation} data-kind={verdict?.kind ?? 'none'}>
      {selected === undefined ? (
        <div class="network-head">{head}</div>
      ) : (
        <button type="button" class="network-head" aria-pressed={selected} onClick={onSelect}>
          {head}
        </button>
      )}
      <div class="network-lines">
        <span class="caption">loss</span>
        <Sparkline line={loss} activation={network.activation} />
        <span class="number">{isEmpty ? '–' : formatTable(score.loss)}</span>
        <span class="caption">accuracy</span>
        <Sparkline line={accuracy} activation={network.activation} />
        <span class="number">{isEmpty || score.accuracy === undefined ? '–' : formatPercent(score.accuracy)}</span>
      </div>
      <p class="network-sentence" title={sentence}>
        {unbroken(verdict?.facts ?? sentence ?? '')}
      </p>
    </li>
  );
}
