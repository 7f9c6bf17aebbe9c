import type { VNode } from 'preact';
import { Button } from '../kit/toolkit';
import './presentButton.css';

/** Enters present mode, and leaves it again. */
export const PresentButton = ({ presenting, onToggle }: { presenting: boolean; onToggle(): void }): VNode => (
  <Button
    class="present"
    appearance="icon"
    icon={presenting ? 'screen-normal' : 'screen-full'}
    label={presenting ? 'Leave present mode' : 'Present'}
    onClick={onToggle}
  />
);
