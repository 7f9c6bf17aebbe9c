import type { VNode } from 'preact';
import type { CandidateFlow, FlowFixedPoint } from '../../src/core/advice/calculate';
import { bestCaseProduct, corrections, slopeCorrection } from '../../src/core/explain/flowWords';
import {
  formatInteger,
  formatPercent,
  formatPower,
  formatSentence,
  formatTable,
  superscript,
} from '../../src/core/format/numbers';
import type { MeasuredFlow } from '../../src/core/theory/measured';
import { flowBadges } from '../kit/flowBadges';
import { unbroken } from '../kit/unbroken';
import { VerdictRow, Verdicts } from '../kit/verdictRow';
import { Explained } from '../kit/words';
import '../kit/flowVerdicts.css';

/** φ′(±1) at every layer: what the paper’s product would be away from the peak. */
function awayFromPeak({ phis }: CandidateFlow): string | undefined {
  const [phi] = phis;
  if (phi === undefined || phis.some((each) => each !== phi)) return undefined;
  const slope = phi.derivative(1);
  const all = formatPower(Math.abs(slope) ** phis.length);
  return phis.length === 1 ? all : `${formatPower(slope)}${superscript(phis.length)} = ${all}`;
}

/** What becomes of the signal and of the gradient where layers are many and wide. */
function FixedPoint({ q, chi, depthScale, kernelGain, edgeOfChaos }: FlowFixedPoint): VNode {
  const back = !Number.isFinite(depthScale)
    ? 'so that gradients neither vanish nor explode'
    : `so that ‖δ‖² ${depthScale > 0 ? 'falls' : 'rises'} by the factor e ≈ 2.7 every ${formatTable(Math.abs(depthScale), 2)} layers`;
  const settles = Number.isFinite(q) ? `settles at ${formatTable(q)}` : 'grows without end';
  return (
    <>
      The variance <Explained id="q">q</Explained> of the pre-activations {settles}, where{' '}
      <Explained id="settledChi">χ₁</Explained> = {formatTable(chi)}, {back}. The kernels’{' '}
      <Explained id="kernelGain">σ_w</Explained> is {formatTable(kernelGain)};{' '}
      {edgeOfChaos === undefined ? (
        'there is none at which gradients would neither vanish nor explode.'
      ) : (
        <>
          at {formatTable(edgeOfChaos.kernelGain)}, the <Explained id="edgeOfChaos">edge of chaos</Explained>, gradients
          would neither vanish nor explode.
        </>
      )}
    </>
  );
}

/** Rows stay where there is nothing to say, or nothing is measured yet: what is below must not move. */
const NO_NUMBER = '–';

/** The three answers side by side, each with what it counts. */
function Evidence({
  flow,
  measured,
  networks,
}: {
  flow: CandidateFlow;
  measured: MeasuredFlow | undefined;
  networks: number;
}): VNode {
  const { bound, prediction, fixedPoint, phis } = flow;
  const [low, high] = prediction.band;
  const away = awayFromPeak(flow);
  const layers = phis.length;
  const slope = slopeCorrection(flow.name);
  const best = prediction.atBest;
  const way = layers === 1 ? 'through the slopes' : `over ${layers - 1} ${layers === 2 ? 'step' : 'steps'}`;
  return (
    <div class="evidence answers">
      <p class="why">{unbroken(flow.verdict.why)}</p>
      <dl>
        <div title={corrections.derivatives}>
          <dt>
            {layers === 1
              ? 'The paper’s bound: the largest derivative'
              : `The paper’s bound: ${layers} derivatives, no kernels`}
          </dt>
          <dd>{formatSentence(bound.product, 3)}</dd>
        </div>
        {away !== undefined && (
          <div>
            <dt>{layers === 1 ? 'The same at z = 1' : 'The same at z = 1 everywhere'}</dt>
            <dd>{away}</dd>
          </div>
        )}
        <div title={corrections.prediction}>
          <dt>Predicted {way}, 90 % of networks</dt>
          <dd>
            {formatTable(prediction.ratio)} ({formatTable(low, 2)} to {formatTable(high, 2)})
          </dd>
        </div>
        <div title={corrections.atBest}>
          <dt>At best {way}</dt>
          <dd class="long">
            {best === undefined || layers === 1 ? NO_NUMBER : bestCaseProduct(best, bound.common, layers - 1)}
          </dd>
        </div>
        {networks > 0 && (
          <div title={corrections.measurement}>
            <dt>Measured on {formatInteger(networks)} networks, 90 % of them</dt>
            <dd>
              {measured === undefined
                ? NO_NUMBER
                : `${formatTable(measured.ratio.typical)} (${formatTable(measured.ratio.low, 2)} to ${formatTable(measured.ratio.high, 2)})`}
            </dd>
          </div>
        )}
        <div title={corrections.rootMeanSquare}>
          <dt>
            <Explained id="rootMeanSquare">Root mean square over networks</Explained>
          </dt>
          <dd>{formatTable(prediction.rootMeanSquare)}</dd>
        </div>
        <div title={corrections.bornDead}>
          <dt>
            Networks <Explained id="bornDead">born dead</Explained>
          </dt>
          <dd>
            {formatPercent(prediction.zeros)}
            {measured !== undefined && ` (measured ${formatPercent(measured.ratio.zeros)})`}
          </dd>
        </div>
        {fixedPoint !== undefined && (
          <div class="wide">
            <dt>In the limit of depth and width</dt>
            <dd class="long">
              <FixedPoint {...fixedPoint} />
            </dd>
          </div>
        )}
      </dl>
      <p class="caption">
        {corrections.derivatives} {slope}
      </p>
    </div>
  );
}

/** As long as a sentence with its badge gets, but for rare ones. */
const LONG =
  ' WW vanishing: 1.1 × 10⁻¹⁰ (about 1 in 100 million) of the gradient at hidden layer 100 reaches hidden layer 1; the initialiser lecun_normal would leave 0.91.';

/** One sentence for each candidate, in a place of one size; its reason and its three answers unfold. */
export function FlowVerdicts({
  flows,
  measured,
  networks,
}: {
  flows: readonly CandidateFlow[];
  measured: readonly MeasuredFlow[];
  /** That are measured of each; 0 for none. */
  networks: number;
}): VNode {
  return (
    <Verdicts class="flow-verdicts">
      {flows.map((flow, i) => (
        <VerdictRow
          key={i}
          activation={flow.name}
          kind={flow.verdict.kind}
          badge={flowBadges[flow.verdict.kind]}
          name={flow.label}
          room={`${flow.label}${LONG}`}
          evidence={{
            show: 'Show why',
            hide: 'Hide why',
            render: () => <Evidence flow={flow} measured={measured[i]} networks={networks} />,
          }}
        >
          : {unbroken(flow.verdict.head)}
        </VerdictRow>
      ))}
    </Verdicts>
  );
}
