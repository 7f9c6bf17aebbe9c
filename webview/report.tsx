import './report.css';
import './styles.css';
import { render, type VNode } from 'preact';
import { formatDuration, formatInteger } from '../src/core/format/numbers';
import type { RunRecord } from '../src/core/records/record';
import { parseRun } from '../src/core/records/serialise';
import { settingsList } from '../src/core/report/settings';
import { judgeAll } from '../src/core/verdicts/judge';
import { PlotGrid } from './ui/plots';
import { EpochTableView } from './ui/table';
import { VerdictList } from './ui/verdicts';

/** The report: a finished run in a page of its own, drawn by the panel's components, with nothing to press but exports. */

function Report({ run }: { run: RunRecord }): VNode {
  const verdicts = judgeAll(run);
  return (
    <main class="page">
      <header class="header">
        <h1>Compare activations</h1>
      </header>
      <VerdictList run={run} verdicts={verdicts} />
      <p class="caption">
        {formatInteger(run.dataset.train)} training images of {run.dataset.name}, {formatDuration(run.seconds)},{' '}
        {run.startedAt.slice(0, 10)}
      </p>
      <PlotGrid run={run} revision={1} verdicts={verdicts} />
      <EpochTableView run={run} />
      <section class="table-section" aria-labelledby="settings-title">
        <h2 id="settings-title">Settings</h2>
        <dl class="settings-list">
          {settingsList(run).map(({ label, value }) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </section>
    </main>
  );
}

const root = document.getElementById('root')!;
try {
  const run = parseRun(document.getElementById('run')?.textContent ?? '');
  render(<Report run={run} />, root);
} catch (error) {
  root.textContent = error instanceof Error ? error.message : String(error);
}
