import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { CandidateFlow } from '../../src/core/advice/calculate';
import { flowCells, flowColumns, flowRows } from '../../src/core/report/flowTable';
import type { MeasuredFlow } from '../../src/core/theory/measured';
import { LayerLink } from '../kit/layerLink';
import { Section } from '../kit/section';
import { Segments } from '../kit/segments';
import { Scroll, Table } from '../kit/table';
import { useSettled } from '../kit/useSettled';
import '../kit/layersTable.css';

/** Milliseconds: a hundred rows are not written anew in every frame of a drag. */
const PAUSE = 100;

/** The numbers of one candidate, a row for each layer. */
export function FlowTable({
  flows,
  measured,
  measures,
  onCode,
}: {
  flows: readonly CandidateFlow[];
  measured: readonly MeasuredFlow[];
  /** Whether networks are to be measured: then their columns are there from the start. */
  measures: boolean;
  /** Shows a layer's line, where the layers are those of a model in code. */
  onCode: ((layer: number) => void) | undefined;
}): VNode {
  const shown = useSettled(flows, PAUSE);
  const [chosen, setChosen] = useState('0');
  const index = Math.min(Number(chosen), shown.length - 1);
  const flow = shown[index]!;
  // What was measured belongs to the newest flows.
  const own = shown === flows ? measured[index] : undefined;
  const columns = flowColumns(measures);
  return (
    <Section
      id="layers-title"
      title="Layer by layer"
      beside={
        <>
          {shown.length > 1 && (
            <Segments
              label="Whose layers"
              value={String(index)}
              choices={shown.map(({ label }, i) => [String(i), label] as const)}
              onChange={setChosen}
            />
          )}
          <span class="caption">
            ‖δ‖ and ‖∂C/∂W‖ relative to {flow.phis.length === 1 ? 'what arrives at the layer' : 'the last hidden layer'}
          </span>
        </>
      }
    >
      <Scroll class="layers" label={`Table of the layers of ${flow.label}`}>
        <Table testId="layer-table">
          <thead>
            <tr>
              {columns.map(({ id, title, hint }) => (
                <th key={id} scope="col" title={hint}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {flowRows(flow, own, measures).map((row, l) => {
              const [layer, ...cells] = flowCells(row);
              return (
                <tr key={layer}>
                  <th scope="row">
                    <LayerLink text={String(layer)} onCode={onCode && (() => onCode(l + 1))} />
                  </th>
                  {cells.map((cell, i) => (
                    <td key={columns[i + 1]!.id}>{cell}</td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </Table>
      </Scroll>
    </Section>
  );
}
