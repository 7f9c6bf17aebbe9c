import type { ComponentChildren, VNode } from 'preact';
import { useId, useState } from 'preact/hooks';
import { LinkButton } from './linkButton';
import { Swatch } from './swatch';
import { Icon } from './toolkit';
import './verdictRow.css';

/** A verdict in a word, with the icon and the colour that say how bad it is. */
export interface Badge {
  readonly icon: string;
  readonly tone: 'success' | 'warning' | 'error' | 'quiet';
  readonly text: string;
}

/** What a verdict stands on: hidden until it is asked for. */
export interface VerdictEvidence {
  readonly show: string;
  readonly hide: string;
  render(): VNode;
}

/** Verdicts below each other. */
export const Verdicts = ({ class: own, children }: { class?: string; children: ComponentChildren }): VNode => (
  <ul class={own === undefined ? 'verdicts' : `verdicts ${own}`} aria-label="Verdicts">
    {children}
  </ul>
);

/** A verdict, mostly on one activation: badge, name, sentence, its evidence on request, and what may be done. */
export function VerdictRow({
  activation,
  group,
  kind,
  badge,
  name,
  evidence,
  commands,
  room,
  usual,
  children,
}: {
  /** Undefined where the verdict is on no one activation. */
  activation?: string | undefined;
  /** In an overlay the place of its run. */
  group?: number | undefined;
  /** For tests. */
  kind: string;
  badge: Badge;
  name: string;
  evidence?: VerdictEvidence | undefined;
  commands?: ComponentChildren;
  /** As long as the sentence, with its badge, usually gets: its place is kept, so that nothing moves when the sentence does. */
  room?: string;
  /** … without badge and name, which are as they are. */
  usual?: string | undefined;
  /** The sentence, from after the name on. */
  children: ComponentChildren;
}): VNode {
  const [open, setOpen] = useState(false);
  const id = useId();
  const opening = (
    <>
      <span class="verdict-name">
        {activation !== undefined && <Swatch activation={activation} group={group} />}
        <span class={`badge ${badge.tone}`}>{badge.text}</span>
      </span>
      <strong>{name}</strong>
    </>
  );
  return (
    <li class="verdict" data-testid="verdict" data-kind={kind} data-activation={activation}>
      <p>
        <span class={`verdict-icon ${badge.tone}`}>
          <Icon name={badge.icon} />
        </span>
        <span class="verdict-said">
          {opening}
          {children}
        </span>{' '}
        {usual !== undefined && (
          <span class="verdict-room" aria-hidden="true">
            {opening}
            {usual}
          </span>
        )}
        {room !== undefined && (
          <span class="verdict-room" aria-hidden="true">
            {room}
          </span>
        )}
        <span class="verdict-links">
          {evidence !== undefined && (
            <LinkButton expanded={open} controls={id} onClick={() => setOpen(!open)}>
              {open ? evidence.hide : evidence.show}
            </LinkButton>
          )}
          {commands}
        </span>
      </p>
      <div id={id} hidden={!open}>
        {open && evidence?.render()}
      </div>
    </li>
  );
}
