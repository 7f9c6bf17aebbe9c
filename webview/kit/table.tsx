import type { ComponentChildren, VNode } from 'preact';
import './table.css';

/** Numbers in rows: aligned at their ends, figures of one width. */
export const Table = ({ testId, children }: { testId?: string; children: ComponentChildren }): VNode => (
  <table data-testid={testId}>{children}</table>
);

/** What may be wider than the page: it scrolls by itself. */
export const Scroll = ({
  label,
  class: own,
  children,
}: {
  label: string;
  class?: string;
  children: ComponentChildren;
}): VNode => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
  <section class={own === undefined ? 'scroll' : `scroll ${own}`} tabIndex={0} aria-label={label}>
    {children}
  </section>
);
