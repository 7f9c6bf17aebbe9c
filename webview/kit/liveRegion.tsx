import type { ComponentChildren, VNode } from 'preact';

/** Read out when it changes, and never seen. */
export const LiveRegion = ({ children }: { children: ComponentChildren }): VNode => (
  <div class="visually-hidden" role="status" aria-live="polite">
    {children}
  </div>
);
