import type { TopLevelSpec } from 'vega-lite';
import { type PlotData, ROWS } from '../../src/core/plots/plot';

/** The spec with its data inside: a file of its own that any Vega-Lite editor opens. */
export function selfContained(spec: TopLevelSpec, data: PlotData): TopLevelSpec {
  const { params = [], ...rest } = spec as unknown as { params?: { name: string; value?: unknown }[] } & Record<
    string,
    unknown
  >;
  return {
    ...rest,
    params: params.map((param) => (param.name in data.params ? { ...param, value: data.params[param.name] } : param)),
    data: { name: ROWS, values: data.rows.map(({ i: _i, ...row }) => row) },
  } as unknown as TopLevelSpec;
}
