import * as vscode from 'vscode';
import type { ReadingOptions } from '../code/codeActivation';
import type { RuleSetting } from '../code/diagnostics/diagnose';
import { type DataSource, type ExperimentConfig, paperConfig, parseConfig } from '../core/experiment/config';
import { type NumberFormat, numberFormats } from '../core/explain/sentences';
import { readWidths } from '../core/format/widths';
import { readInitializer } from '../core/frameworks/initializerNames';

const keys: Record<keyof ExperimentConfig, string> = {
  data: 'data',
  activations: 'activations',
  hidden: 'hiddenLayers',
  kernelInitializer: 'kernelInitializer',
  biasInitializer: 'biasInitializer',
  optimizer: 'optimizer',
  learningRate: 'learningRate',
  batchSize: 'batchSize',
  epochs: 'epochs',
  seed: 'seed',
  seeds: 'seeds',
  backend: 'backend',
};

const toData = (value: unknown): DataSource | unknown => {
  if (value === 'digits' || value === 'mnist') return { kind: value };
  return typeof value === 'string' ? { kind: 'folder', folder: value } : value;
};

const text = (parse: (value: string) => unknown) => (value: unknown) =>
  typeof value === 'string' ? parse(value) : undefined;

const readers: Partial<Record<keyof ExperimentConfig, (value: unknown) => unknown>> = {
  data: toData,
  hidden: text(readWidths),
  kernelInitializer: text(readInitializer),
  biasInitializer: text(readInitializer),
};

/** The comparison that the settings describe. A setting that cannot be used gets its default and a sentence. */
export function readSettings(): { config: ExperimentConfig; problems: string[] } {
  const settings = vscode.workspace.getConfiguration('gradientLens.compare');
  const wanted: Record<string, unknown> = {};
  for (const field of Object.keys(keys) as (keyof ExperimentConfig)[]) {
    const value = settings.get<unknown>(keys[field]);
    wanted[field] =
      value === undefined ? paperConfig[field] : (readers[field]?.(value) ?? (readers[field] ? null : value));
  }
  const result = parseConfig(wanted);
  if ('config' in result) return { config: result.config, problems: [] };
  const problems = result.problems.map(
    ({ field, message }) => `The setting gradientLens.compare.${keys[field]} cannot be used: ${message}`,
  );
  for (const { field } of result.problems) wanted[field] = paperConfig[field];
  const mended = parseConfig(wanted);
  return { config: 'config' in mended ? mended.config : paperConfig, problems };
}

/** The same, with what cannot be used told to the person. */
export function settingsOrDefaults(log: vscode.LogOutputChannel): ExperimentConfig {
  const { config, problems } = readSettings();
  for (const problem of problems) log.warn(problem);
  if (problems.length > 0) {
    void vscode.window.showWarningMessage(`Gradient Lens: ${problems[0]} The default is used instead.`);
  }
  return config;
}

/** Where MNIST may be downloaded from, in the order to try. */
export function mnistMirrors(defaults: readonly string[]): readonly string[] {
  const configured = vscode.workspace.getConfiguration('gradientLens').get<unknown>('mnistMirrors');
  const usable = Array.isArray(configured)
    ? configured.filter((url): url is string => typeof url === 'string' && /^https?:\/\//.test(url))
    : [];
  return usable.length > 0 ? usable.map((url) => (url.endsWith('/') ? url : `${url}/`)) : defaults;
}

/** Settings of what is shown in code. */
export interface HoverSettings {
  readonly enabled: boolean;
  readonly picture: boolean;
  readonly numbers: NumberFormat;
  readonly completions: boolean;
}

/** A value of another kind than the setting's counts as unset. */
export function hoverSettings(): HoverSettings {
  const settings = vscode.workspace.getConfiguration('gradientLens');
  const flag = (key: string) => settings.get<unknown>(key) !== false;
  const format = settings.get<unknown>('hover.numbers');
  return {
    enabled: flag('hover.enabled'),
    picture: flag('hover.picture'),
    numbers: numberFormats.find((each) => each === format) ?? 'words',
    completions: flag('completions.enabled'),
  };
}

/** How code is read where it does not say it itself. */
export function readingOptions(): ReadingOptions {
  const version = vscode.workspace.getConfiguration('gradientLens').get<unknown>('tensorflowKeras');
  return { tensorflowKeras: version === '3' ? 3 : 2 };
}

/** Settings of what is shown at models in code. */
export interface ModelSettings {
  readonly codeLens: boolean;
  readonly inlayHints: boolean;
  readonly diagnostics: boolean;
}

export function modelSettings(document: vscode.TextDocument): ModelSettings {
  const settings = vscode.workspace.getConfiguration('gradientLens', document);
  return {
    codeLens: settings.get<unknown>('codeLens.enabled') !== false,
    inlayHints: settings.get<unknown>('inlayHints.enabled') === true,
    diagnostics: settings.get<unknown>('diagnostics.enabled') !== false,
  };
}

const ruleValues: readonly RuleSetting[] = ['error', 'warning', 'hint', 'off'];

/** What has to reach the first layer of a model at least, 0 … 1; undefined where the settings ask for nothing. */
export function budgetSetting(document: vscode.TextDocument): number | undefined {
  const budget = vscode.workspace.getConfiguration('gradientLens', document).get<unknown>('gradientBudget');
  return typeof budget === 'number' && budget > 0 && budget <= 1 ? budget : undefined;
}

/** Severities of rules that the settings change, by the rule's id; another value counts as unset. */
export function ruleSettings(document: vscode.TextDocument): Readonly<Record<string, RuleSetting>> {
  const rules = vscode.workspace.getConfiguration('gradientLens', document).get<unknown>('rules');
  if (typeof rules !== 'object' || rules === null) return {};
  return Object.fromEntries(
    Object.entries(rules).flatMap(([id, value]) => {
      const setting = ruleValues.find((each) => each === value);
      return setting === undefined ? [] : [[id, setting]];
    }),
  );
}
