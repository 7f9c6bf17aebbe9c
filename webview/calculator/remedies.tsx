import type { VNode } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { CandidateFlow } from '../../src/core/advice/calculate';
import { remedies } from '../../src/core/advice/flowRemedies';
import type { FlowConfig } from '../../src/core/calculation/config';
import { LinkButton } from '../kit/linkButton';
import { RemedyTable } from '../kit/remedyTable';
import { Section } from '../kit/section';
import { Segments } from '../kit/segments';
import { useSettled } from '../kit/useSettled';
import { type Change, remedyLabel } from './state';

/** Milliseconds without a change before remedies are sought: each is a prediction of its own. */
const PAUSE = 150;
const SHOWN = 6;

/** What would bring more of the gradient to the first layer, best first; a button applies it. */
export function Remedies({
  config,
  flows,
  applied,
  onChange,
  onUndo,
}: {
  config: FlowConfig;
  flows: readonly CandidateFlow[];
  applied: string | undefined;
  onChange: Change;
  onUndo(): void;
}): VNode {
  const settled = useSettled(config, PAUSE);
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  // The one in need comes first to mind.
  const ill = flows.findIndex(({ verdict }) => verdict.kind !== 'healthy');
  const wanted = chosen === undefined ? Math.max(0, ill) : Number(chosen);
  const index = Math.min(wanted, settled.candidates.length - 1);
  const found = useMemo(() => remedies(settled, index).slice(0, SHOWN), [settled, index]);
  const label = flows[index]?.label ?? '';
  // One layer is its own last: there is no ratio to better, only a slope.
  const ratios = settled.widths.length > 1;
  return (
    <Section
      id="remedies-title"
      title="What would help"
      class="remedies"
      testId="remedies"
      beside={
        <>
          {flows.length > 1 && (
            <Segments
              label="Whose remedies"
              value={String(index)}
              choices={flows.map((flow, i) => [String(i), flow.label] as const)}
              onChange={setChosen}
            />
          )}
          <span class="caption">
            nearest to 1 first
            {flows.length > 1 &&
              ` · an activation changes for ${label} alone; initialiser, normalisation, residual connections and depth are shared and change for ${flows.length === 2 ? 'both' : 'all'}`}
          </span>
          {applied !== undefined && <LinkButton onClick={onUndo}>Undo {applied}</LinkButton>}
        </>
      }
    >
      {found.length === 0 ? (
        <p class="quiet">Nothing known here brings the gradient of {label} closer to its size at the last layer.</p>
      ) : (
        <RemedyTable
          rows={found}
          ratios={ratios}
          verb="Apply"
          onChoose={({ title, config: changed }) => onChange(changed, '', remedyLabel(title))}
        />
      )}
    </Section>
  );
}
