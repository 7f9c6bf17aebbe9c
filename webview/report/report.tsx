import { messageOf } from '../../src/core/format/errors';
import '../kit/base.css';
import { render, type VNode } from 'preact';
import { judgeAll } from '../../src/core/advice/judge';
import { formatDuration } from '../../src/core/format/numbers';
import { partialNote } from '../../src/core/report/partial';
import { settingsList } from '../../src/core/report/settings';
import type { RunRecord } from '../../src/core/runs/record';
import { parseRun } from '../../src/core/runs/serialise';
import { outsideActions } from '../kit/outside';
import { followColours } from '../kit/outsideColours';
import { PageHeader } from '../kit/pageHeader';
import { Words } from '../kit/words';
import { EpochTableView } from '../run/epochTable';
import { PlotGrid } from '../run/plotGrid';
import { VerdictList } from '../run/verdicts';
import '../kit/outside.css';
import './report.css';

function Report({ run }: { run: RunRecord }): VNode {
  const verdicts = judgeAll(run);
  const partial = partialNote(run);
  const when = new Date(run.startedAt);
  return (
    <main class="page">
      <PageHeader title="Compare activations">
        <span class="quiet">
          {Number.isNaN(when.getTime())
            ? run.startedAt
            : when.toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short' })}
          , trained for {formatDuration(run.seconds)}
        </span>
      </PageHeader>
      {partial !== undefined && (
        <p class="partial" role="note">
          {partial}
        </p>
      )}
      <VerdictList run={run} verdicts={verdicts} />
      <PlotGrid run={run} revision={0} verdicts={verdicts} actions={outsideActions} />
      <EpochTableView run={run} />
      <section class="table-section" aria-labelledby="settings-title">
        <h2 id="settings-title">Settings</h2>
        <dl class="settings-list">
          {settingsList(run).flatMap(({ label, value }) => [
            <dt key={label}>{label}</dt>,
            <dd key={`${label} value`}>{value}</dd>,
          ])}
        </dl>
      </section>
      <Words />
    </main>
  );
}

followColours();
const root = document.getElementById('root')!;
try {
  const run = parseRun(document.getElementById('run')?.textContent ?? '');
  render(<Report run={run} />, root);
} catch (error) {
  root.textContent = messageOf(error);
}
