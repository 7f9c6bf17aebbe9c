import type { VNode } from 'preact';
import { type ModelLayer, modelCell, modelColumns } from '../../src/core/report/modelTable';
import { Section } from '../kit/section';
import { Scroll, Table } from '../kit/table';
import '../kit/layersTable.css';

/** The numbers of a model, a row for each hidden layer; those of which nothing is known have dashes. */
export function ModelTable({
  layers,
  measures,
}: {
  layers: readonly ModelLayer[];
  /** Whether networks can be measured: then their columns are there from the start. */
  measures: boolean;
}): VNode {
  const columns = modelColumns(measures);
  return (
    <Section
      id="layers-title"
      title="Layer by layer"
      beside={<span class="caption">‖δ‖ and ‖∂C/∂W‖ relative to the last hidden layer</span>}
    >
      <Scroll class="layers" label="Table of the model’s layers">
        <Table testId="layer-table">
          <thead>
            <tr>
              {columns.map(({ id, title, hint, isText }) => (
                <th key={id} scope="col" title={hint} class={isText === true ? 'text' : undefined}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {layers.map((layer) => (
              <tr key={layer.node} class={layer.predicted === undefined ? 'quiet' : undefined}>
                {columns.map(({ id, isText, cell }, i) =>
                  i === 0 ? (
                    <th key={id} scope="row" class="text">
                      {modelCell(cell(layer))}
                    </th>
                  ) : (
                    <td key={id} class={isText === true ? 'text' : undefined}>
                      {modelCell(cell(layer))}
                    </td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </Table>
      </Scroll>
    </Section>
  );
}
