import type { ComponentChildren, VNode } from 'preact';

/** A titled part of a page, parted from what is above it by a line. */
export function Section({
  id,
  title,
  beside,
  class: own,
  testId,
  children,
}: {
  /** Of the title. */
  id: string;
  title: string;
  /** Stands in the title's line. */
  beside?: ComponentChildren;
  class?: string;
  testId?: string;
  children: ComponentChildren;
}): VNode {
  return (
    <section
      class={own === undefined ? 'table-section' : `table-section ${own}`}
      aria-labelledby={id}
      data-testid={testId}
    >
      <div class="section-head">
        <h2 id={id}>{title}</h2>
        {beside}
      </div>
      {children}
    </section>
  );
}

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
