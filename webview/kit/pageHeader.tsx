import type { ComponentChildren, VNode } from 'preact';
import { Dropdown } from './toolkit';
import './pageHeader.css';

/** A page's title, and beside it what the whole page is about. */
export const PageHeader = ({ title, children }: { title: string; children: ComponentChildren }): VNode => (
  <header class="header">
    <h1>{title}</h1>
    {children}
  </header>
);

const CUSTOM = ' custom';

/** Chooses among ready settings; says so where the present ones are a person's own. */
export function PresetPicker<P extends { readonly id: string; readonly title: string }>({
  presets,
  value,
  onChoose,
}: {
  presets: readonly P[];
  value: P | undefined;
  onChoose(preset: P): void;
}): VNode {
  const choices = presets.map(({ id, title }) => ({ value: id, text: title }));
  return (
    <Dropdown
      class="preset"
      label="Preset"
      field="preset"
      choices={value === undefined ? [...choices, { value: CUSTOM, text: 'Your own settings' }] : choices}
      value={value?.id ?? CUSTOM}
      onChange={(id) => {
        const chosen = presets.find((each) => each.id === id);
        if (chosen !== undefined) onChoose(chosen);
      }}
    />
  );
}
