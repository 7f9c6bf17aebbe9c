import type { ComponentChildren, VNode } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import './table.css';

/** Numbers in rows: aligned at their ends, figures of one width. */
export const Table = ({ testId, children }: { testId?: string; children: ComponentChildren }): VNode => (
  <table data-testid={testId}>{children}</table>
);

/**
 * What may be wider than the page: it scrolls by itself, its first column and those of class "result" stay in sight, and an edge shows
 * where there is more.
 */
export function Scroll({
  label,
  class: own,
  children,
}: {
  label: string;
  class?: string;
  children: ComponentChildren;
}): VNode {
  const box = useRef<HTMLElement>(null);
  const [more, setMore] = useState('');
  useLayoutEffect(() => {
    const element = box.current!;
    const look = () => {
      const { scrollLeft, scrollWidth, clientWidth } = element;
      setMore(
        [scrollLeft > 1 && 'before', scrollLeft + clientWidth < scrollWidth - 1 && 'after'].filter(Boolean).join(' '),
      );
    };
    look();
    const resized = new ResizeObserver(look);
    resized.observe(element);
    for (const child of element.children) resized.observe(child);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      resized.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, []);
  return (
    <div class="scroll-edges" data-more={more}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section ref={box} class={own === undefined ? 'scroll' : `scroll ${own}`} tabIndex={0} aria-label={label}>
        {children}
      </section>
    </div>
  );
}
