import { drawnDigits } from '../../src/core/data/drawnDigits';
import type { DataSource, ExperimentConfig } from '../../src/core/experiment/config';
import { createRunRecord, type RunRecord } from '../../src/core/runs/record';

const names: Record<DataSource['kind'], string> = { digits: drawnDigits.name, mnist: 'MNIST', folder: 'folder' };

/**
 * A run of these settings before its first record, while its data load: a page that shows it has everything in its place when
 * the first numbers come. Of the data only the name and ten classes are taken for granted.
 */
export const expectedRun = (config: ExperimentConfig): RunRecord =>
  createRunRecord('', '', config, { name: names[config.data.kind], train: 0, test: 0, classes: 10, inputs: 784 });
