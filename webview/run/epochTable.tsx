import { Fragment, type VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import { deviationNote, type EpochCell, epochTable, figureNames, figureTexts } from '../../src/core/report/table';
import { isOverlay, seriesOf } from '../../src/core/runs/overlay';
import { isOver, type RunRecord } from '../../src/core/runs/record';
import { Section } from '../kit/section';
import { Swatch } from '../kit/swatch';
import { Scroll, Table } from '../kit/table';
import './epochTable.css';

/** Rows that are there from the start, so that nothing moves when an epoch ends. */
const MAX_PENDING = 20;

interface KeptRow {
  readonly cells: readonly (EpochCell | undefined)[];
  readonly ended: boolean;
  readonly row: VNode;
}

const fields = ['accuracy', 'loss', 'accuracyDeviation', 'lossDeviation', 'seeds'] as const;

const isSame = (a: KeptRow['cells'], b: KeptRow['cells']): boolean =>
  a.length === b.length && a.every((cell, i) => fields.every((field) => Object.is(cell?.[field], b[i]?.[field])));

/** The paper's table, filled a row an epoch; the paper's own figures beside where the settings are its own. */
export function EpochTableView({ run }: { run: RunRecord }): VNode {
  const ended = run.networks.reduce((sum, network) => sum + network.epochs.length, 0);
  // The records grow in place: an ended epoch is what changes the table.
  const least = run.networks.every(({ state }) => isOver(state)) ? 0 : Math.min(run.config.epochs, MAX_PENDING);
  const table = useMemo(() => epochTable(run, least), [run, ended, least]);
  const measured = table.columns.filter(({ source }) => source === 'measured');
  const printed = table.columns.filter(({ source }) => source === 'paper');
  const deviation = deviationNote(run, table);
  const figures = figureNames(table);
  const overlaid = isOverlay(run);
  const places = useMemo(() => new Map(overlaid ? seriesOf(run).map(({ name, group }) => [name, group]) : []), [run]);
  // Of a long run nearly all rows stay as they are: only what has changed is made anew.
  const rows = useMemo(() => new Map<number, KeptRow>(), [run, table.accuracy]);
  const groups = [measured, printed].filter((group) => group.length > 0);
  return (
    <Section
      id="epochs-title"
      title="Epoch by epoch"
      beside={
        <span class="caption">
          {table.accuracy
            ? 'training accuracy · loss, means over the epoch as Keras prints them'
            : 'training loss, the mean over the epoch as Keras prints it'}
          {deviation !== undefined && `; ${deviation}`}
        </span>
      }
    >
      <Scroll label="Table of epochs">
        <Table testId="epoch-table">
          <thead>
            <tr>
              <th rowSpan={2} scope="col">
                epoch
              </th>
              {groups.map((group) =>
                group.map(({ activation, name, source, before }, i) => (
                  <th
                    key={`${source} ${name}`}
                    colSpan={figures.length}
                    scope="colgroup"
                    class={i === 0 ? 'first' : undefined}
                  >
                    <span class="column-head">
                      {before !== '' && <span class="quiet">{before}:</span>}
                      <Swatch activation={activation} group={source === 'measured' ? places.get(name) : undefined} />
                      <span class="column-name" title={name}>
                        {name}
                      </span>
                    </span>
                  </th>
                )),
              )}
            </tr>
            <tr>
              {groups.map((group) =>
                group.map(({ name, source }, i) => (
                  <Fragment key={`${source} ${name}`}>
                    {figures.map((figure, f) => (
                      <th key={figure} scope="col" class={i === 0 && f === 0 ? 'first' : undefined}>
                        {figure}
                      </th>
                    ))}
                  </Fragment>
                )),
              )}
            </tr>
          </thead>
          <tbody>
            {table.rows.map(({ epoch, cells }) => {
              const old = rows.get(epoch);
              const ended = epoch <= table.ended;
              if (old?.ended === ended && isSame(old.cells, cells)) return old.row;
              const row = (
                <tr key={epoch} data-ended={ended ? 'true' : undefined}>
                  <th scope="row">{epoch}</th>
                  {table.columns.map(({ name, source }, i) => (
                    <Fragment key={`${source} ${name}`}>
                      {figureTexts(table, cells[i]).map((text, f) => (
                        <td
                          key={figures[f]}
                          class={[f === 0 && (i === 0 || i === measured.length) ? 'first' : '', source]
                            .join(' ')
                            .trim()}
                        >
                          {text}
                        </td>
                      ))}
                    </Fragment>
                  ))}
                </tr>
              );
              rows.set(epoch, { cells, ended, row });
              return row;
            })}
          </tbody>
        </Table>
      </Scroll>
      {table.note.length > 0 && (
        <p class="table-note" data-testid="paper-note">
          {table.note.join(' ')}
        </p>
      )}
    </Section>
  );
}
