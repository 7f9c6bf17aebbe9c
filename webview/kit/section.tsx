import type { ComponentChildren, VNode } from 'preact';
import './section.css';

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
