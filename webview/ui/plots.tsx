import type { VNode } from 'preact';
import type { RunRecord } from '../../src/core/records/record';
import type { Verdict } from '../../src/core/verdicts/verdict';
import type { PageActions } from '../state';

export function PlotGrid(_props: {
  run: RunRecord;
  revision: number;
  verdicts: ReadonlyMap<string, Verdict>;
  actions: Pick<PageActions, 'copyText' | 'saveFile'>;
}): VNode {
  return <div class="plots" />;
}
