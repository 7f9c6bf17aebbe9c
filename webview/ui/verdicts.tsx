import type { VNode } from 'preact';
import { useId, useState } from 'preact/hooks';
import { activation } from '../../src/core/activations/catalogue';
import type { ExperimentConfig } from '../../src/core/experiment/config';
import { formatInitializer } from '../../src/core/initializers/initializer';
import { isOver, type NetworkRecord, type RunRecord } from '../../src/core/records/record';
import type { Verdict, VerdictKind } from '../../src/core/verdicts/verdict';
import { Swatch } from './swatch';
import { Icon } from './toolkit';

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
  const failed = network.state === 'failed';
  return (
    <li class="verdict" data-testid="verdict" data-kind={verdict?.kind ?? 'none'} data-activation={network.activation}>
      <p>
        <span class={`verdict-icon ${badge?.tone ?? (failed ? 'error' : 'quiet')}`}>
          <Icon name={badge?.icon ?? (failed ? 'error' : 'circle-outline')} />
        </span>
        <span class="verdict-name">
          <Swatch activation={network.activation} />
          <strong>{network.activation}</strong>
          {several && <span class="quiet"> seed {network.seed}</span>}
          <span class={`badge ${badge?.tone ?? (failed ? 'error' : 'quiet')}`}>{badge?.text ?? network.state}</span>
        </span>{' '}
        <span class={verdict === undefined ? 'quiet' : undefined}>{verdict?.text ?? waitingText(network)}</span>{' '}
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
        const counts = new Map<string, number>();
        for (const { id } of networks) {
          const verdict = verdicts.get(id);
          if (verdict !== undefined)
            counts.set(badges[verdict.kind].text, (counts.get(badges[verdict.kind].text) ?? 0) + 1);
        }
        const summary = [...counts].sort((a, b) => b[1] - a[1]).map(([text, count]) => `${count} ${text}`);
        return (
          <li key={name} class="verdict-group">
            <details>
              <summary>
                <Swatch activation={name} />
                <strong>{name}</strong>{' '}
                <span class="quiet">
                  {networks.length} seeds: {summary.length === 0 ? 'too early to judge' : summary.join(', ')}
                </span>
              </summary>
              <ul>{networks.map(row)}</ul>
            </details>
          </li>
        );
      })}
    </ul>
  );
}
