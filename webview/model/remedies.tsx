import type { VNode } from 'preact';
import type { GraphRemedy } from '../../src/core/advice/modelRemedies';
import { withEdits } from '../../src/core/advice/remedies/graphEdits';
import type { Model } from '../../src/core/model/model';
import { LinkButton } from '../kit/linkButton';
import { RemedyTable } from '../kit/remedyTable';
import { Section } from '../kit/section';

/** What would bring more of the gradient to the first layer, best first; a button tries it on the model. */
export function ModelRemedies({
  model,
  found,
  applied,
  onChange,
  onUndo,
}: {
  model: Model;
  found: readonly GraphRemedy[];
  /** The change that was tried last. */
  applied: string | undefined;
  onChange(model: Model, label: string): void;
  onUndo(): void;
}): VNode {
  return (
    <Section
      id="remedies-title"
      title="What would help"
      class="remedies"
      testId="remedies"
      beside={
        <>
          <span class="caption">nearest to 1 first · tried here, your code stays as it is</span>
          {applied !== undefined && <LinkButton onClick={onUndo}>Undo {applied}</LinkButton>}
        </>
      }
    >
      {found.length === 0 ? (
        <p class="quiet">Nothing known here brings the gradient of this model closer to its size at the last layer.</p>
      ) : (
        <RemedyTable
          rows={found}
          ratios
          verb="Try"
          onChoose={({ title, edits }) => onChange(withEdits(model, edits), `“${title}”`)}
        />
      )}
    </Section>
  );
}
