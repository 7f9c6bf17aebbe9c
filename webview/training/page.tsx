import { render, type VNode } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { isActive } from '../../src/core/advice/runStatus';
import { networkFeed } from '../../src/core/plots/feed';
import { heatAxis } from '../../src/core/plots/heat';
import { sparklines } from '../../src/core/plots/sparkline';
import type { NetworkRecord, RunRecord } from '../../src/core/runs/record';
import { Boundary } from '../kit/boundary';
import { LiveRegion } from '../kit/liveRegion';
import type { Store } from '../kit/store';
import { Button, registerToolkit } from '../kit/toolkit';
import { useStore } from '../kit/useStore';
import { announcement } from '../run/announcement';
import { RunControls } from '../run/controls';
import type { MirroredRun } from '../run/mirror';
import { ProblemBanner } from '../run/problemBanner';
import { RunProgress } from '../run/runProgress';
import { useSteadyEpochs } from '../run/steadyEpochs';
import { HeatStrip } from './heatStrip';
import { NetworkRow } from './networkRow';
import type { TrainingActions } from './session';
import './training.css';

/** Columns of a sparkline, and how many networks have their gradients shown without being chosen. */
const SPARK_COLUMNS = 40;
const STRIPS = 3;

function Networks({
  state,
  run,
  chosen,
  epochs,
  onChoose,
}: {
  state: MirroredRun;
  run: RunRecord;
  chosen: NetworkRecord | undefined;
  /** Where its axes end. */
  epochs: number;
  onChoose(network: NetworkRecord): void;
}): VNode {
  const feeds = useMemo(
    () => run.networks.map((network) => networkFeed(run, network, SPARK_COLUMNS, epochs)),
    [run, epochs],
  );
  const loss = sparklines(feeds, 'loss');
  const accuracy = sparklines(feeds, 'accuracy');
  return (
    <ul class="networks" aria-label="Networks">
      {run.networks.map((network, i) => (
        <NetworkRow
          key={network.id}
          run={run}
          network={network}
          verdict={state.verdicts.get(network.id)}
          loss={loss[i]!}
          accuracy={accuracy[i]!}
          selected={chosen === undefined ? undefined : chosen.id === network.id}
          onSelect={() => onChoose(network)}
        />
      ))}
    </ul>
  );
}

const Controls = ({ state, actions }: { state: MirroredRun; actions: TrainingActions }): VNode => (
  <RunControls status={state.status} actions={actions} again={state.run === undefined ? undefined : 'Run again'}>
    <Button appearance="icon" icon="link-external" label="Open full view beside" onClick={() => actions.openPanel()} />
  </RunControls>
);

/** What to do next, where nothing trains. */
function Doors({ actions, primary }: { actions: TrainingActions; primary: boolean }): VNode {
  return (
    <section class="doors" aria-label="What to do next">
      <Button appearance={primary ? 'primary' : 'secondary'} icon="play" onClick={() => actions.startPaper()}>
        Train sigmoid beside ReLU
      </Button>
      <Button icon="git-compare" onClick={() => actions.chooseActivations()}>
        Choose activations…
      </Button>
      <Button icon="pulse" onClick={() => actions.openCalculator()}>
        Calculate gradient flow
      </Button>
    </section>
  );
}

function Page({ store, actions }: { store: Store<MirroredRun>; actions: TrainingActions }): VNode {
  const state = useStore(store);
  const { run, status, revision } = state;
  const [choice, setChoice] = useState<string>();
  const many = run !== undefined && run.networks.length > STRIPS;
  const chosen = many ? (run.networks.find(({ id }) => id === choice) ?? run.networks[0]) : undefined;
  const epochs = useSteadyEpochs(run);
  const axis = useMemo(heatAxis, [run?.id]);
  const strips = chosen === undefined ? (run?.networks ?? []) : [chosen];
  return (
    <main class="page training" data-testid="training" data-phase={status.phase}>
      <LiveRegion>{announcement(state)}</LiveRegion>
      {status.problem !== undefined && (
        <ProblemBanner
          problem={status.problem}
          onMend={(way) => actions.mend(way)}
          onDismiss={() => actions.dismissProblem()}
        />
      )}
      {run === undefined ? (
        status.phase === 'loading' ? (
          <>
            <RunProgress state={state} />
            <Controls state={state} actions={actions} />
          </>
        ) : (
          <>
            <p class="training-intro">
              Two networks that differ in nothing but their activation, trained side by side: which of them learns, and
              how much gradient reaches its first layer?
            </p>
            <Doors actions={actions} primary />
          </>
        )
      ) : (
        <>
          <RunProgress state={state} />
          <Controls state={state} actions={actions} />
          <div class="training-columns">
            <Networks state={state} run={run} chosen={chosen} epochs={epochs} onChoose={({ id }) => setChoice(id)} />
            <section class="heats" aria-labelledby="heats-title">
              <div class="heats-head">
                <h2 id="heats-title">Gradient norm per layer</h2>
                <span class="caption heats-when">last batch</span>
              </div>
              {strips.map((network, i) => (
                <HeatStrip
                  key={`${run.id} ${network.id}`}
                  {...{ run, network, revision, axis, epochs }}
                  legend={i === strips.length - 1}
                />
              ))}
            </section>
          </div>
          {!isActive(status.phase) && <Doors actions={actions} primary={false} />}
        </>
      )}
    </main>
  );
}

/** Draws the view into `root` and keeps it up to date with the store, until the returned function is called. */
export function mountTraining(root: HTMLElement, store: Store<MirroredRun>, actions: TrainingActions): () => void {
  registerToolkit();
  document.body.classList.add('in-view');
  render(
    <Boundary
      page="The training view"
      waysBack={() => [{ text: 'Show log', onSelect: () => actions.showLog() }]}
      onBroken={(error) => actions.broke(error)}
    >
      <Page store={store} actions={actions} />
    </Boundary>,
    root,
  );
  return () => render(null, root);
}
