import type { VNode } from 'preact';
import { shownRatio } from '../../src/core/advice/remedies/rank';
import { formatTable } from '../../src/core/format/numbers';
import { Table } from './table';
import { Button } from './toolkit';
import './remedyTable.css';

/** A change with its predicted effect on the ratio, as a row shows it. */
export interface RemedyRow {
  readonly title: string;
  readonly before: number;
  readonly after: number;
  readonly band: readonly [number, number];
}

/** Changes with what they are predicted to do, and a button for each. */
export function RemedyTable<R extends RemedyRow>({
  rows,
  ratios,
  verb,
  onChoose,
}: {
  rows: readonly R[];
  /** Whether there is a ratio to better: one layer has none. */
  ratios: boolean;
  /** What the buttons say: "Apply". */
  verb: string;
  onChoose(row: R): void;
}): VNode {
  return (
    <Table>
      <thead>
        <tr>
          <th scope="col" class="text">
            change
          </th>
          {ratios && (
            <>
              {' '}
              <th scope="col" class="wide-only">
                now
              </th>
              <th scope="col">predicted</th>
              <th scope="col" class="wide-only">
                90 % of networks
              </th>
            </>
          )}
          <th scope="col">
            <span class="visually-hidden">{verb.toLowerCase()}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.title}>
            <th scope="row" class="text">
              {row.title}
            </th>
            {ratios && (
              <>
                {' '}
                <td class="wide-only">{shownRatio(row.before)}</td>
                <td>{shownRatio(row.after)}</td>
                <td class="wide-only">
                  {formatTable(row.band[0], 2)} to {formatTable(row.band[1], 2)}
                </td>
              </>
            )}
            <td>
              <Button label={`${verb}: ${row.title}`} onClick={() => onChoose(row)}>
                {verb}
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
