import type { VNode } from 'preact';
import { Icon } from '../kit/toolkit';
import './dropHint.css';

/** Over the page while a file is held there: what letting go does. */
export const DropHint = (): VNode => (
  <div class="drop-hint" data-testid="drop">
    <p>
      <Icon name="folder-opened" /> Drop the file of a run to open it
    </p>
  </div>
);
