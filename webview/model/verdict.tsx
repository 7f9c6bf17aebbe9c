import type { VNode } from 'preact';
import { modelHelp } from '../../src/core/advice/help';
import { modelSentence } from '../../src/core/advice/modelSentence';
import type { Remedy } from '../../src/core/advice/remedies/rank';
import { formatInteger, formatTable } from '../../src/core/format/numbers';
import type { Model } from '../../src/core/model/model';
import { knownPart } from '../../src/core/report/modelTable';
import { type GraphFlow, isUnknownFlow } from '../../src/core/theory/graph';
import type { MeasuredPlan } from '../../src/core/theory/measuredPlan';
import { modelVerdict } from '../../src/core/verdicts/model';
import { withCode } from '../kit/code';
import { flowBadges } from '../kit/flowBadges';
import { type Badge, VerdictRow, Verdicts } from '../kit/verdictRow';
import '../kit/flowVerdicts.css';

const unknownBadge: Badge = { icon: 'question', tone: 'quiet', text: 'unknown' };

const range = (low: number, high: number): string => `${formatTable(low, 2)} to ${formatTable(high, 2)}`;

/** What it stands on: the numbers beside each other, and what had to be assumed. */
function Evidence({ flow, measured }: { flow: GraphFlow; measured: MeasuredPlan | undefined }): VNode {
  const part = knownPart(flow);
  const ratio = measured?.ratio;
  return (
    <div class="evidence answers">
      <dl>
        <div>
          <dt>{isUnknownFlow(flow) ? 'Predicted up to there' : 'Predicted'}, 90 % of networks</dt>
          <dd>{part === undefined ? '–' : `${formatTable(part.ratio)} (${range(...part.band)})`}</dd>
        </div>
        <div>
          <dt>
            {measured === undefined ? 'Measured' : `Measured on ${formatInteger(measured.draws)} networks`}, 90 % of
            them
          </dt>
          <dd>{ratio === undefined ? '–' : `${formatTable(ratio.typical)} (${range(ratio.low, ratio.high)})`}</dd>
        </div>
      </dl>
      {(part?.assumptions ?? []).map((sentence) => (
        <p class="caption" key={sentence}>
          {withCode(sentence)}
        </p>
      ))}
    </div>
  );
}

/** The one sentence on a model, with the first of its remedies; its numbers unfold. */
export function ModelVerdict({
  model,
  flow,
  measured,
  remedies,
}: {
  model: Model;
  flow: GraphFlow;
  measured: MeasuredPlan | undefined;
  remedies: readonly Remedy[];
}): VNode {
  const isUnknown = isUnknownFlow(flow);
  return (
    <Verdicts class="flow-verdicts">
      <VerdictRow
        kind={isUnknown ? 'unknown' : modelVerdict(flow)}
        badge={isUnknown ? unknownBadge : flowBadges[modelVerdict(flow)]}
        name={model.name}
        evidence={{
          show: 'Show why',
          hide: 'Hide why',
          render: () => <Evidence flow={flow} measured={measured} />,
        }}
      >
        : {withCode(`${modelSentence(model, flow)}${modelHelp(flow, remedies)}.`)}
        {!isUnknown && !flow.certain && <span class="quiet"> Something had to be assumed: see why.</span>}
      </VerdictRow>
    </Verdicts>
  );
}
