import type { VNode } from 'preact';
import { LinkButton } from '../kit/linkButton';
import { Icon } from '../kit/toolkit';
import './lineAbove.css';

/** Says that what is shown is no run of now, and leads back. */
export function KeptLine({
  kept,
  training,
  onLeave,
}: {
  /** Names of the runs that are shown. */
  kept: readonly string[];
  /** Another run trains meanwhile. */
  training: boolean;
  onLeave(): void;
}): VNode {
  return (
    <div class="line-above kept" data-testid="kept">
      <Icon name="history" />
      <span class="line-name" title={kept.join('\n')}>
        {kept.length === 1 ? `Kept run: ${kept[0]}` : `${kept.length} kept runs over each other`}
      </span>
      <LinkButton onClick={onLeave}>{training ? 'Show the run that trains' : 'Show the current run'}</LinkButton>
    </div>
  );
}
