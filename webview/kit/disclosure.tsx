import type { ComponentChildren, VNode } from 'preact';
import { Icon } from './toolkit';
import './disclosure.css';

/** A button that folds and unfolds what has the id `controls`. */
export function Disclosure({
  open,
  controls,
  onToggle,
  children,
}: {
  open: boolean;
  controls: string;
  onToggle(): void;
  children: ComponentChildren;
}): VNode {
  return (
    <button type="button" class="disclosure" aria-expanded={open} aria-controls={controls} onClick={onToggle}>
      <Icon name={open ? 'chevron-down' : 'chevron-right'} />
      {children}
    </button>
  );
}
