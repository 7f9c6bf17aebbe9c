import type { ComponentChildren, VNode } from 'preact';
import { activation, labelOf } from '../../src/core/activations/catalogue';
import { usualHead } from '../../src/core/advice/runSentence';
import { usualDated, usualShort } from '../../src/core/advice/runShortSentence';
import type { ExperimentConfig } from '../../src/core/experiment/config';
import { isOverlay, runOf, type Series, seriesOf } from '../../src/core/runs/overlay';
import { isOver, type NetworkRecord, type RunRecord } from '../../src/core/runs/record';
import type { VerdictKind } from '../../src/core/runs/verdictKinds';
import { type RunRemedy, remedyInWords, type Verdict } from '../../src/core/verdicts/verdict';
import { LinkButton } from '../kit/linkButton';
import { Swatch } from '../kit/swatch';
import { Icon } from '../kit/toolkit';
import { unbroken } from '../kit/unbroken';
import { type Badge, VerdictRow, Verdicts } from '../kit/verdictRow';
import './verdicts.css';

const badges: Record<VerdictKind, Badge> = {
  started: { icon: 'circle-outline', tone: 'quiet', text: 'started' },
  healthy: { icon: 'pass-filled', tone: 'success', text: 'learns' },
  symmetric: { icon: 'error', tone: 'error', text: 'symmetric' },
  saturated: { icon: 'error', tone: 'error', text: 'saturated' },
  vanishing: { icon: 'warning', tone: 'warning', text: 'vanishing' },
  exploding: { icon: 'error', tone: 'error', text: 'exploding' },
  dying: { icon: 'warning', tone: 'warning', text: 'dying' },
  stalled: { icon: 'warning', tone: 'warning', text: 'stalled' },
  diverged: { icon: 'error', tone: 'error', text: 'diverged' },
};

/** A sentence that opens with the activation's name has said it. */
function opening(name: string, text: string): [string, string] {
  const { label } = activation(name);
  return text.startsWith(label) ? [label, unbroken(text.slice(label.length))] : [labelOf(name), unbroken(text)];
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

/** @param why the cause in words, where the sentence does not have it */
function Evidence({ verdict, why }: { verdict: Verdict; why: string }): VNode {
  return (
    <>
      {why !== '' && <p class="why">{unbroken(why)}</p>}
      <dl class="evidence">
        {verdict.evidence.map(({ label, value }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{unbroken(value)}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

/**
 * How much a row says: sentence and cause, the sentence, a few words, or beside its badge the decisive numbers, with their
 * moments or alone. What may be tried is said where no button tries it, of the shortest forms under "Show why".
 */
type Form = 'whole' | 'brief' | 'short' | 'dated' | 'figures';

/** The part of a verdict that a row says. */
const partOf = { whole: 'head', brief: 'head', short: 'short', dated: 'dated', figures: 'figures' } as const;

const isTerse = (form: Form): boolean => form !== 'whole' && form !== 'brief';

/** What its row has left out. */
const unsaid = ({ head, why }: Verdict, form: Form): string =>
  form === 'whole' ? '' : form === 'brief' ? why : `${head} ${why}`.trim();

/** What stands after the name in a sentence as long as they usually are, for whose place room is kept. */
function usual(form: Form, { epochs, hidden }: ExperimentConfig): string | undefined {
  switch (form) {
    case 'whole':
      return undefined;
    case 'brief':
      return usualHead(epochs, hidden.length);
    case 'short':
      return usualShort(epochs);
    case 'dated':
      return usualDated(epochs);
    case 'figures':
      return ' 99 % right, gradient 0.0038';
  }
}

/** Of a network: its verdict in a word, or its state where there is none yet. */
export const verdictBadge = ({ state }: NetworkRecord, verdict: Verdict | undefined): Badge => {
  if (state === 'failed') return { icon: 'error', tone: 'error', text: state };
  return verdict !== undefined ? badges[verdict.kind] : { icon: 'circle-outline', tone: 'quiet', text: state };
};

function NetworkVerdict({
  network,
  verdict,
  several,
  form,
  config,
  fix,
  onTry,
}: {
  network: NetworkRecord;
  verdict: Verdict | undefined;
  several: boolean;
  form: Form;
  /** Its own run's. */
  config: ExperimentConfig;
  fix: RunRemedy | undefined;
  onTry: Trying | undefined;
}): VNode {
  const { of } = network;
  // Where a button tries it, the sentence need not advise it.
  const advice =
    verdict?.remedy !== undefined && (fix === undefined || onTry === undefined) ? verdict.remedy : undefined;
  const cause = verdict === undefined || form !== 'whole' || verdict.why === '' ? '' : ` ${verdict.why}`;
  const head = verdict?.[partOf[form]];
  const terse = isTerse(form);
  const room = usual(form, config);
  const tail = advice === undefined ? '' : remedyInWords(advice);
  const said = `${head ?? waitingText(network)}${cause}${terse ? '' : tail}`;
  const [label, text] = opening(network.activation, said);
  return (
    <VerdictRow
      activation={network.activation}
      group={of?.group}
      kind={verdict?.kind ?? 'none'}
      usual={room === undefined ? undefined : unbroken(room)}
      badge={verdictBadge(network, verdict)}
      name={of === undefined ? label : `${label} · ${of.name}`}
      evidence={
        verdict === undefined || verdict.evidence.length === 0
          ? undefined
          : {
              show: 'Show why',
              hide: 'Hide why',
              render: () => <Evidence verdict={verdict} why={`${unsaid(verdict, form)}${terse ? tail : ''}`} />,
            }
      }
      commands={
        fix !== undefined &&
        onTry !== undefined && (
          <LinkButton
            onClick={() => onTry.start(fix.config)}
            {...(onTry.stops ? { title: 'This run stops then, and is kept.' } : {})}
          >
            {onTry.stops && !terse ? 'Stop and try' : 'Try'} {fix.words}
          </LinkButton>
        )
      }
    >
      {several && <span class="quiet"> (seed {network.seed})</span>}
      <span class={verdict === undefined ? 'quiet' : undefined}>
        {text.startsWith(' ') ? '' : ' '}
        {text}
      </span>
    </VerdictRow>
  );
}

/** The many seeds of one series in a line, which unfolds to their sentences. */
function SeedsVerdict({
  series: { name, activation: own, group, networks },
  overlaid,
  verdicts,
  children,
}: {
  series: Series;
  overlaid: boolean;
  verdicts: ReadonlyMap<string, Verdict>;
  children: ComponentChildren;
}): VNode {
  const counts = new Map<VerdictKind, number>();
  for (const { id } of networks) {
    const kind = verdicts.get(id)?.kind;
    if (kind !== undefined) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const kinds = [...counts].sort((a, b) => b[1] - a[1]);
  const badge = kinds[0] === undefined ? undefined : badges[kinds[0][0]];
  const summary = kinds.map(([kind, count]) => `${badges[kind].text} in ${count} of ${networks.length}`);
  return (
    <li class="verdict-group">
      <details>
        <summary>
          <span class={`group-icon ${badge?.tone ?? 'quiet'}`}>
            <Icon name={badge?.icon ?? 'circle-outline'} />
          </span>
          <Swatch activation={own} group={overlaid ? group : undefined} />
          <strong>{name}</strong>
          {summary.length === 0 ? (
            <span class="quiet">too early to judge {networks.length} seeds</span>
          ) : (
            <span>{summary.join(', ')} seeds</span>
          )}
        </summary>
        <ul>{children}</ul>
      </details>
    </li>
  );
}

/** What tries a remedy. */
export interface Trying {
  /** Trains with other settings. */
  start(config: ExperimentConfig): void;
  /** It ends a training, which its button says. */
  readonly stops: boolean;
}

/** More rows than this get short sentences: what decides has to be seen without scrolling. */
const FEW = 3;

/**
 * One sentence for each network, side by side where several runs have the same activation; the many seeds of a series fold
 * into a line of their own.
 */
export function VerdictList({
  run,
  verdicts,
  brief = false,
  presented = false,
  mended,
  onTry,
}: {
  run: RunRecord;
  verdicts: ReadonlyMap<string, Verdict>;
  /** Short sentences in a place that is kept for them from the start; their causes unfold. */
  brief?: boolean;
  /** Shown to a room: a few words for each, and of many the numbers alone, in two columns. */
  presented?: boolean;
  /** Of an overlay the run whose settings are changed to try something; without it none is the one to change. */
  mended?: RunRecord | undefined;
  /** undefined offers none. */
  onTry?: Trying | undefined;
}): VNode {
  const overlaid = isOverlay(run);
  const series = seriesOf(run);
  const many = series.length > FEW;
  // The names of an overlay are long.
  const form: Form = !brief
    ? 'whole'
    : many && presented
      ? 'figures'
      : many && overlaid
        ? 'dated'
        : presented || many
          ? 'short'
          : 'brief';
  const classes = [
    ...(brief ? ['brief'] : []),
    ...(isTerse(form) ? ['short'] : []),
    ...(presented && many ? ['pairs'] : []),
  ];
  const row = (network: NetworkRecord) => {
    const of = runOf(run, network);
    const verdict = verdicts.get(network.id);
    const fix = overlaid && of !== mended ? undefined : verdict?.remedy;
    return (
      <NetworkVerdict
        key={network.id}
        several={of.config.seeds > 1}
        config={of.config}
        {...{ network, verdict, form, fix, onTry }}
      />
    );
  };
  const list = (
    <Verdicts {...(brief ? { class: classes.join(' ') } : {})}>
      {series.map((each) =>
        each.run.config.seeds > 1 ? (
          <SeedsVerdict key={each.name} {...{ series: each, overlaid, verdicts }}>
            {each.networks.map(row)}
          </SeedsVerdict>
        ) : (
          each.networks.map(row)
        ),
      )}
    </Verdicts>
  );
  if (form !== 'figures') return list;
  return (
    <>
      {list}
      <p class="figures-key caption">
        Right: of the training images, over the latest epoch. Gradient: what reaches the first layer at the first batch.
      </p>
    </>
  );
}
