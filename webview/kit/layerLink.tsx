import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { LinkButton } from './linkButton';
import './layerLink.css';

/** A layer's name; where its code is known, a link to its line. */
export function LayerLink({ text, onCode }: { text: string; onCode: (() => void) | undefined }): VNode {
  if (onCode === undefined) return <span>{text}</span>;
  return (
    <LinkButton title="Show in code" onClick={onCode}>
      {text}
    </LinkButton>
  );
}

/** A layer's row; the one that was asked about is marked, and scrolled to. */
export function LayerRow({
  quiet,
  asked,
  children,
}: {
  /** Nothing is known of it. */
  quiet: boolean;
  asked: boolean;
  children: ComponentChildren;
}): VNode {
  const row = useRef<HTMLTableRowElement>(null);
  useEffect(() => {
    if (asked) row.current?.scrollIntoView({ block: 'nearest' });
  }, [asked]);
  const classes = [...(quiet ? ['quiet'] : []), ...(asked ? ['asked'] : [])];
  return (
    <tr
      ref={row}
      class={classes.length === 0 ? undefined : classes.join(' ')}
      aria-current={asked ? 'true' : undefined}
    >
      {children}
    </tr>
  );
}
