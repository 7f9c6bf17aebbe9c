import type { VNode } from 'preact';
import { activation } from '../../src/core/activations/catalogue';
import type { ExperimentConfig } from '../../src/core/experiment/config';
import { widthsInWords } from '../../src/core/format/widths';
import { initializerInWords } from '../../src/core/initializers/initializer';
import { Button, Icon } from '../kit/toolkit';
import './lineAbove.css';
import './originLine.css';

/** "From a link: sigmoid, relu; 10 × 128, he_normal. Nothing trains until you start it." */
export function proposalText({ activations, hidden, kernelInitializer }: ExperimentConfig): string {
  const names = activations.map((name) => activation(name).label).join(', ');
  return `From a link: ${names}; ${widthsInWords(hidden)}, ${initializerInWords(kernelInitializer)}. Nothing trains until you start it.`;
}

/** Says what a link has put into the form, and starts it where the page has no other such button. */
export function ProposalLine({
  config,
  training,
  onStart,
  onDismiss,
}: {
  config: ExperimentConfig;
  /** Another run trains, and would be stopped. */
  training: boolean;
  onStart: (() => void) | undefined;
  onDismiss(): void;
}): VNode {
  const text = proposalText(config);
  return (
    <div class="line-above origin" role="note" data-testid="proposal">
      <Icon name="link" />
      <span class="origin-text" title={text}>
        {text}
      </span>
      {onStart !== undefined && (
        <Button icon="play" onClick={onStart}>
          {training ? 'Stop the other and start it' : 'Start it'}
        </Button>
      )}
      <Button appearance="icon" icon="close" label="Dismiss" onClick={onDismiss} />
    </div>
  );
}
