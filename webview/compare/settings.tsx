import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import { activation, activationNames } from '../../src/core/activations/catalogue';
import { shownFolder } from '../../src/core/data/folder';
import { backendNames, type ConfigProblem, limits, optimizerNames } from '../../src/core/experiment/config';
import { type Initializer, varianceScalingNames } from '../../src/core/initializers/initializer';
import { Field } from '../kit/field';
import { More } from '../kit/more';
import { Swatch } from '../kit/swatch';
import { Button, Checkbox, type Choice, Dropdown, TextField } from '../kit/toolkit';
import { Download } from './download';
import type { Draft, InitializerDraft } from './draft';
import type { PageActions, PageState } from './state';
import './settings.css';

const choices = (values: readonly string[], texts: Record<string, string> = {}): readonly Choice[] =>
  values.map((value) => ({ value, text: texts[value] ?? value }));

const dataChoices = choices(['digits', 'mnist', 'folder'], {
  digits: 'Drawn digits',
  mnist: 'MNIST',
  folder: 'Folder with IDX files',
});
const optimizerChoices = choices(optimizerNames, {
  sgd: 'SGD',
  momentum: 'SGD with momentum',
  rmsprop: 'RMSprop',
  adam: 'Adam',
});
const backendChoices = choices(backendNames, { auto: 'auto (the fastest here)' });
const initializerChoices = choices([
  'zeros',
  'constant',
  'normal',
  'truncated_normal',
  'uniform',
  'orthogonal',
  ...varianceScalingNames,
]);
const allInitializerChoices = [...initializerChoices, ...choices(['variance_scaling'])];

const numbersOf: Partial<Record<Initializer['kind'], readonly [string, string?]>> = {
  constant: ['value'],
  normal: ['mean', 'standard deviation'],
  truncated_normal: ['mean', 'standard deviation'],
  uniform: ['minimum', 'maximum'],
  orthogonal: ['gain'],
};

/** Those that a comparison is mostly made of; the others unfold. */
const common = ['sigmoid', 'tanh', 'relu', 'leaky_relu', 'elu', 'selu', 'gelu', 'silu'];

function InitializerField({
  label,
  name,
  draft,
  problem,
  onChange,
}: {
  label: string;
  name: string;
  draft: InitializerDraft;
  problem: string | undefined;
  onChange(draft: InitializerDraft): void;
}): VNode {
  const [first, second] = numbersOf[draft.kind] ?? [];
  const starts: Partial<Record<Initializer['kind'], [string, string]>> = {
    constant: ['0.1', ''],
    normal: ['0', '0.05'],
    truncated_normal: ['0', '0.05'],
    uniform: ['-0.05', '0.05'],
    orthogonal: ['1', ''],
  };
  return (
    <Field label={label} name={name} problem={problem} several={second !== undefined}>
      <Dropdown
        label={label}
        choices={draft.given ? allInitializerChoices : initializerChoices}
        value={draft.kind}
        field={name}
        onChange={(value) => {
          const kind = value as Initializer['kind'];
          const [a, b] = starts[kind] ?? ['', ''];
          onChange({ kind, first: a, second: b });
        }}
      />
      {first !== undefined && (
        <TextField
          class="short"
          label={`${label}: ${first}`}
          placeholder={first}
          value={draft.first}
          problem={problem}
          onInput={(value) => onChange({ ...draft, first: value })}
        />
      )}
      {second !== undefined && (
        <TextField
          class="short"
          label={`${label}: ${second}`}
          placeholder={second}
          value={draft.second}
          problem={problem}
          onInput={(value) => onChange({ ...draft, second: value })}
        />
      )}
    </Field>
  );
}

/** Every setting of a comparison; a wrong one says so beside itself. */
export function SettingsForm({
  draft,
  problems,
  state,
  actions,
  onChange,
}: {
  draft: Draft;
  problems: readonly ConfigProblem[];
  state: PageState;
  actions: PageActions;
  onChange(change: Partial<Draft>): void;
}): VNode {
  const problem = useMemo(
    () => Object.fromEntries(problems.map(({ field, message }) => [field, message])) as Partial<Record<string, string>>,
    [problems],
  );
  const text = (
    name: 'hidden' | 'learningRate' | 'batchSize' | 'epochs' | 'seed' | 'seeds',
    label: string,
    hint?: string,
  ) => (
    <Field label={label} name={name} problem={problem[name]} {...(hint === undefined ? {} : { hint })}>
      <TextField
        label={label}
        field={name}
        value={draft[name]}
        problem={problem[name]}
        onInput={(value) => onChange({ [name]: value })}
      />
    </Field>
  );
  const toggle = (name: string) => (checked: boolean) =>
    onChange({
      activations: checked
        ? activationNames.filter((each) => each === name || draft.activations.includes(each))
        : draft.activations.filter((each) => each !== name),
    });
  const box = (name: string) => (
    <Checkbox
      key={name}
      label={activation(name).label}
      checked={draft.activations.includes(name)}
      onChange={toggle(name)}
    >
      <span class="activation-choice" title={name}>
        <Swatch activation={name} />
        {activation(name).label}
      </span>
    </Checkbox>
  );
  const chooseFolder = async () => {
    const folder = await actions.chooseFolder();
    if (folder !== null) onChange({ data: 'folder', folder });
  };
  const others = activationNames.filter((name) => !common.includes(name));
  return (
    <div class="settings-form">
      <Field
        label="Data"
        name="data"
        wide
        problem={problem.data}
        hint={
          draft.data === 'digits'
            ? 'Digits drawn here: nothing to download.'
            : draft.data === 'mnist'
              ? state.mnistStored
                ? 'MNIST is stored on this machine.'
                : 'MNIST is fetched once (11 MB) and then kept.'
              : 'MNIST, Fashion-MNIST or your own, as IDX files, gzipped or not.'
        }
      >
        <Dropdown
          label="Data"
          field="data"
          choices={dataChoices}
          value={draft.data}
          onChange={(data) => onChange({ data: data as Draft['data'] })}
        />
        {draft.data === 'folder' && (
          <>
            <TextField
              class="path"
              label="Data folder"
              value={shownFolder(draft.folder)}
              placeholder="No folder chosen"
              problem={problem.data}
              readOnly
              onInput={() => undefined}
            />
            <Button onClick={() => void chooseFolder()}>Choose folder…</Button>
          </>
        )}
        {draft.data === 'mnist' && <Download state={state} actions={actions} />}
      </Field>
      <Field label="Activations" name="activations" wide problem={problem.activations}>
        <div class="activation-choices">{common.map(box)}</div>
        <More
          summary={`${others.length} more`}
          open={draft.activations.some((name) => others.includes(name as (typeof others)[number]))}
        >
          <div class="activation-choices">{others.map(box)}</div>
        </More>
      </Field>
      {text('hidden', 'Hidden layers', '128x10 is ten layers of 128; or list the widths: 256, 128, 64')}
      <InitializerField
        label="Kernel initialiser"
        name="kernelInitializer"
        draft={draft.kernel}
        problem={problem.kernelInitializer}
        onChange={(kernel) => onChange({ kernel })}
      />
      <InitializerField
        label="Bias initialiser"
        name="biasInitializer"
        draft={draft.bias}
        problem={problem.biasInitializer}
        onChange={(bias) => onChange({ bias })}
      />
      <Field label="Optimiser" name="optimizer" problem={problem.optimizer}>
        <Dropdown
          label="Optimiser"
          field="optimizer"
          choices={optimizerChoices}
          value={draft.optimizer}
          onChange={(optimizer) => onChange({ optimizer })}
        />
      </Field>
      {text('learningRate', 'Learning rate')}
      {text('batchSize', 'Batch size')}
      {text('epochs', 'Epochs')}
      {text('seed', 'Seed', 'The same seed gives the same numbers again.')}
      {text('seeds', 'Number of seeds', `Up to ${limits.seeds.max}: one run is an anecdote.`)}
      <Field label="Backend" name="backend" problem={problem.backend}>
        <Dropdown
          label="Backend"
          field="backend"
          choices={backendChoices}
          value={draft.backend}
          onChange={(backend) => onChange({ backend })}
        />
      </Field>
    </div>
  );
}
