import type { ComponentChildren, VNode } from 'preact';
import './linkButton.css';

/** A command that reads as a link in a sentence. */
export const LinkButton = ({
  expanded,
  controls,
  title,
  onClick,
  children,
}: {
  /** Whether what has the id `controls` is unfolded, for a command that unfolds it. */
  expanded?: boolean;
  controls?: string;
  title?: string;
  onClick(): void;
  children: ComponentChildren;
}): VNode => (
  <button
    type="button"
    class="link-button"
    title={title}
    aria-expanded={expanded}
    aria-controls={controls}
    onClick={onClick}
  >
    {children}
  </button>
);
