import type { VNode } from 'preact';
import { Button } from './toolkit';

/** Takes the latest change back, and says which. */
export const UndoButton = ({ label, onUndo }: { label: string | undefined; onUndo(): void }): VNode => (
  <Button
    icon="discard"
    disabled={label === undefined}
    label={label === undefined ? 'Nothing to undo' : `Undo ${label}`}
    onClick={onUndo}
  >
    Undo
  </Button>
);
