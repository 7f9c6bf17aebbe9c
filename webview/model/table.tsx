import type { VNode } from 'preact';
import { type ModelLayer, modelCell, modelColumns } from '../../src/core/report/modelTable';
import { LayerLink, LayerRow } from '../kit/layerLink';
import { Section } from '../kit/section';
import { Scroll, Table } from '../kit/table';
import '../kit/layersTable.css';

/** The numbers of a model, a row for each hidden layer; those of which nothing is known have dashes. */
export function ModelTable({
  layers,
  measures,
  asked,
  onCode,
}: {
  layers: readonly ModelLayer[];
  /** Whether networks can be measured: then their columns are there from the start. */
  measures: boolean;
  /** The hidden layer that was asked about, from 1. */
  asked: number | undefined;
  /** Shows a layer's line, where the layers are those of a model in code. */
  onCode: ((layer: number) => void) | undefined;
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
              <LayerRow key={layer.node} quiet={layer.predicted === undefined} asked={layer.number === asked}>
                {columns.map(({ id, isText, cell }, i) =>
                  i === 0 ? (
                    <th key={id} scope="row" class="text">
                      <LayerLink text={modelCell(cell(layer))} onCode={onCode && (() => onCode(layer.number))} />
                    </th>
                  ) : (
                    <td key={id} class={isText === true ? 'text' : undefined}>
                      {modelCell(cell(layer))}
                    </td>
                  ),
                )}
              </LayerRow>
            ))}
          </tbody>
        </Table>
      </Scroll>
    </Section>
  );
}
