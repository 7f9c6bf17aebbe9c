import { compile, type TopLevelSpec } from 'vega-lite';
import { expect } from 'vitest';
import type { PlotSpec } from '../../../src/core/plots/plot';
import { vegaConfig } from '../../../src/core/plots/spec';
import { theme } from './plotTheme';

/** Compiles as the page does; warnings of the compiler are failures. */
export function compiled(spec: PlotSpec): void {
  const said: string[] = [];
  const note = (...all: unknown[]) => {
    said.push(all.join(' '));
    return logger;
  };
  const logger = { level: () => logger, error: note, warn: note, info: () => logger, debug: () => logger };
  compile({ ...spec, config: vegaConfig(theme) } as unknown as TopLevelSpec, { logger: logger as never });
  expect(said).toEqual([]);
}
