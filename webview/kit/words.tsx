import type { ComponentChildren, VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { explained, type Term, type TermId, termsIn } from '../../src/core/words/glossary';
import './more.css';
import './words.css';

/** A word of the field in its place, with what it means for who points at it. */
export const Explained = ({ id, children }: { id: TermId; children: ComponentChildren }): VNode => (
  <span class="explained" title={explained(id)}>
    {children}
  </span>
);

/** What the words and symbols mean that the page uses; it looks for them once it is unfolded. */
export function Words(): VNode {
  const place = useRef<HTMLDetailsElement>(null);
  const [terms, setTerms] = useState<readonly Term[]>([]);
  const look = () => {
    const { current } = place;
    // Folded it has no words of its own, which would be found again.
    setTerms(current?.open === true ? termsIn(current.closest('main')?.innerText ?? '') : []);
  };
  return (
    <details class="more words" ref={place} onToggle={look} data-testid="words">
      <summary>Words on this page</summary>
      <dl>
        {terms.map(({ term, means }) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{means}.</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
