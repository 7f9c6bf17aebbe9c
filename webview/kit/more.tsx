import type { ComponentChildren, VNode } from 'preact';
import './more.css';

/** What is seldom needed, folded under its summary. */
export const More = ({
  summary,
  open,
  children,
}: {
  summary: ComponentChildren;
  open?: boolean;
  children: ComponentChildren;
}): VNode => (
  <details class="more" open={open}>
    <summary>{summary}</summary>
    {children}
  </details>
);
