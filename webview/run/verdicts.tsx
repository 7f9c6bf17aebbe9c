import type { VNode } from 'preact';
import { useId, useState } from 'preact/hooks';
import { activation } from '../../src/core/activations/catalogue';
import type { ExperimentConfig } from '../../src/core/experiment/config';
import { formatInitializer } from '../../src/core/initializers/initializer';
import { isOver, type NetworkRecord, type RunRecord } from '../../src/core/runs/record';
import type { Verdict, VerdictKind } from '../../src/core/verdicts/verdict';
import { Swatch } from '../kit/swatch';
import { Icon } from '../kit/toolkit';

const badges: Record<VerdictKind, { icon: string; tone: 'success' | 'warning' | 'error'; text: string }> = {
  healthy: { icon: 'pass-filled', tone: 'success', text: 'learns' },
  saturated: { icon: 'error', tone: 'error', text: 'saturated' },
  vanishing: { icon: 'warning', tone: 'warning', text: 'vanishing' },
  exploding: { icon: 'error', tone: 'error', text: 'exploding' },
  dying: { icon: 'warning', tone: 'warning', text: 'dying' },
  stalled: { icon: 'warning', tone: 'warning', text: 'stalled' },
  diverged: { icon: 'error', tone: 'error', text: 'diverged' },
};

/** The initialiser to try where the network's own drives its units out of the range in which they learn. */
export function remedy(
  config: ExperimentConfig,
  name: string,
  verdict: Verdict | undefined,
): ExperimentConfig | undefined {
  const ill = verdict?.kind === 'saturated' || verdict?.kind === 'exploding' || verdict?.kind === 'diverged';
  if (!ill) return undefined;
  const kind = activation(name).fittingInitializer;
  return config.kernelInitializer.kind === kind ? undefined : { ...config, kernelInitializer: { kind } };
}

/** A sentence that opens with the activation's name has said it. */
function opening(name: string, text: string): [string, string] {
  const label = [activation(name).label, name].find((each) => text.startsWith(each));
  const unbroken = text.replaceAll(' %', '\u00a0%');
  return label === undefined ? [name, unbroken] : [label, unbroken.slice(label.length)];
}

const waitingText = (network: NetworkRecord): string => {
  if (network.message !== undefined) return network.message;
  switch (network.state) {
    case 'waiting':
      return 'Waiting for its turn.';
    case 'interrupted':
      return 'Interrupted before there was enough to judge.';
    default:
      return isOver(network.state) ? 'Ended before there was enough to judge.' : 'Training; too early to judge.';
  }
};

function Evidence({ verdict }: { verdict: Verdict }): VNode {
  return (
    <dl class="evidence">
      {verdict.evidence.map(({ label, value }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function VerdictRow({
  network,
  verdict,
  several,
  fix,
  onTry,
}: {
  network: NetworkRecord;
  verdict: Verdict | undefined;
  several: boolean;
  fix: ExperimentConfig | undefined;
  onTry: ((config: ExperimentConfig) => void) | undefined;
}): VNode {
  const [open, setOpen] = useState(false);
  const id = useId();
  const badge = verdict === undefined ? undefined : badges[verdict.kind];
  const [name, text] = opening(network.activation, verdict?.text ?? waitingText(network));
  const failed = network.state === 'failed';
  return (
    <li class="verdict" data-testid="verdict" data-kind={verdict?.kind ?? 'none'} data-activation={network.activation}>
      <p>
        <span class={`verdict-icon ${badge?.tone ?? (failed ? 'error' : 'quiet')}`}>
          <Icon name={badge?.icon ?? (failed ? 'error' : 'circle-outline')} />
        </span>
        <span class="verdict-name">
          <Swatch activation={network.activation} />
          <span class={`badge ${badge?.tone ?? (failed ? 'error' : 'quiet')}`}>{badge?.text ?? network.state}</span>
        </span>
        <strong>{name}</strong>
        {several && <span class="quiet"> (seed {network.seed})</span>}
        <span class={verdict === undefined ? 'quiet' : undefined}>
          {text.startsWith(' ') ? '' : ' '}
          {text}
        </span>{' '}
        {verdict !== undefined && verdict.evidence.length > 0 && (
          <button
            type="button"
            class="link-button"
            aria-expanded={open}
            aria-controls={id}
            onClick={() => setOpen(!open)}
          >
            {open ? 'Hide why' : 'Show why'}
          </button>
        )}
        {fix !== undefined && onTry !== undefined && (
          <button type="button" class="link-button" onClick={() => onTry(fix)}>
            Try {formatInitializer(fix.kernelInitializer)}
          </button>
        )}
      </p>
      <div id={id} hidden={!open}>
        {open && verdict !== undefined && <Evidence verdict={verdict} />}
      </div>
    </li>
  );
}

/** One sentence for each network; the many seeds of one activation fold into a line of their own. */
export function VerdictList({
  run,
  verdicts,
  onTry,
}: {
  run: RunRecord;
  verdicts: ReadonlyMap<string, Verdict>;
  onTry?: (config: ExperimentConfig) => void;
}): VNode {
  const several = run.config.seeds > 1;
  const row = (network: NetworkRecord) => {
    const verdict = verdicts.get(network.id);
    const fix = remedy(run.config, network.activation, verdict);
    return <VerdictRow key={network.id} {...{ network, verdict, several, fix, onTry }} />;
  };
  if (!several) {
    return (
      <ul class="verdicts" aria-label="Verdicts">
        {run.networks.map(row)}
      </ul>
    );
  }
  return (
    <ul class="verdicts" aria-label="Verdicts">
      {run.config.activations.map((name) => {
        const networks = run.networks.filter((network) => network.activation === name);
        const counts = new Map<VerdictKind, number>();
        for (const { id } of networks) {
          const kind = verdicts.get(id)?.kind;
          if (kind !== undefined) counts.set(kind, (counts.get(kind) ?? 0) + 1);
        }
        const kinds = [...counts].sort((a, b) => b[1] - a[1]);
        const badge = kinds[0] === undefined ? undefined : badges[kinds[0][0]];
        const summary = kinds.map(([kind, count]) => `${badges[kind].text} in ${count} of ${networks.length}`);
        return (
          <li key={name} class="verdict-group">
            <details>
              <summary>
                <span class={`group-icon ${badge?.tone ?? 'quiet'}`}>
                  <Icon name={badge?.icon ?? 'circle-outline'} />
                </span>
                <Swatch activation={name} />
                <strong>{name}</strong>
                {summary.length === 0 ? (
                  <span class="quiet">too early to judge {networks.length} seeds</span>
                ) : (
                  <span>{summary.join(', ')} seeds</span>
                )}
              </summary>
              <ul>{networks.map(row)}</ul>
            </details>
          </li>
        );
      })}
    </ul>
  );
}
