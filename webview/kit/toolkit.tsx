/**
 * The Visual Studio Code Webview UI Toolkit, and nobody else imports it: it is archived upstream, so a successor must fit in here.
 * Its components are custom elements; these wrappers give them typed properties and set their values as Preact expects.
 */
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';
import { type ComponentChildren, h, type VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import '@vscode/codicons/dist/codicon.css';
import './toolkit.css';

/** Preact's types know no element but HTML's own. */
const element = (tag: string, props: Record<string, unknown>, ...children: ComponentChildren[]): VNode =>
  h(tag, props as never, ...children) as VNode;

let registered = false;

/** Defines the elements; once is enough, and later calls do nothing. */
export function registerToolkit(): void {
  if (registered) return;
  registered = true;
  provideVSCodeDesignSystem().register(
    vsCodeButton(),
    vsCodeCheckbox(),
    vsCodeDropdown(),
    vsCodeOption(),
    vsCodeTextField(),
  );
}

/** A codicon, silent to screen readers. */
export const Icon = ({ name, slot }: { name: string; slot?: string }): VNode =>
  element('span', { class: `codicon codicon-${name}`, 'aria-hidden': 'true', ...(slot === undefined ? {} : { slot }) });

export function Button(props: {
  onClick(event: MouseEvent): void;
  appearance?: 'primary' | 'secondary' | 'icon';
  icon?: string;
  /** The accessible name where there is no text, and the tooltip. */
  label?: string;
  disabled?: boolean;
  class?: string;
  testId?: string;
  children?: ComponentChildren;
}): VNode {
  const { icon, children, appearance = 'secondary', label, testId } = props;
  const textless = children === undefined;
  return element(
    'vscode-button',
    {
      appearance,
      class: props.class,
      disabled: props.disabled ?? false,
      onClick: (event: MouseEvent) => {
        if (props.disabled !== true) props.onClick(event);
      },
      ...(label === undefined ? {} : { 'aria-label': label, title: label }),
      ...(testId === undefined ? {} : { 'data-testid': testId }),
    },
    icon === undefined ? null : textless ? <Icon name={icon} /> : <Icon name={icon} slot="start" />,
    children,
  );
}

export interface Choice {
  readonly value: string;
  readonly text: string;
}

/** Choices that are shown as they are written. */
export const plainChoices = (values: readonly string[]): Choice[] => values.map((value) => ({ value, text: value }));

export function Dropdown(props: {
  label: string;
  choices: readonly Choice[];
  value: string;
  onChange(value: string): void;
  disabled?: boolean;
  class?: string;
  field?: string;
}): VNode {
  const host = useRef<HTMLElement & { value: string }>(null);
  // The element takes a value only once it has looked at its options, which is after they are in the page.
  useLayoutEffect(() => {
    const set = () => {
      if (host.current && host.current.value !== props.value) host.current.value = props.value;
    };
    set();
    const frame = requestAnimationFrame(set);
    return () => cancelAnimationFrame(frame);
  }, [props.value, props.choices]);
  return element(
    'vscode-dropdown',
    {
      ref: host,
      class: props.class,
      disabled: props.disabled ?? false,
      'aria-label': props.label,
      title: props.label,
      'data-field': props.field,
      onChange: () => {
        const value = host.current?.value;
        if (value !== undefined && value !== props.value) props.onChange(value);
      },
    },
    props.choices.map(({ value, text }) => element('vscode-option', { key: value, value }, text)),
  );
}

export function TextField(props: {
  label: string;
  value: string;
  onInput(value: string): void;
  problem?: string | undefined;
  placeholder?: string;
  disabled?: boolean;
  readOnly?: boolean;
  class?: string;
  field?: string;
}): VNode {
  const host = useRef<HTMLElement & { value: string }>(null);
  useLayoutEffect(() => {
    if (host.current && host.current.value !== props.value) host.current.value = props.value;
  }, [props.value]);
  return element('vscode-text-field', {
    ref: host,
    class: [props.class ?? '', props.problem === undefined ? '' : 'invalid'].join(' ').trim(),
    // The real input sits in the element's own tree, where it cannot refer to the message beside it: the name carries it.
    'aria-label': props.problem === undefined ? props.label : `${props.label}: ${props.problem}`,
    'aria-invalid': props.problem === undefined ? 'false' : 'true',
    placeholder: props.placeholder ?? '',
    disabled: props.disabled ?? false,
    readOnly: props.readOnly ?? false,
    'data-field': props.field,
    onInput: () => {
      const value = host.current?.value;
      if (value !== undefined && value !== props.value) props.onInput(value);
    },
  });
}

export function Checkbox(props: {
  checked: boolean;
  onChange(checked: boolean): void;
  disabled?: boolean;
  label: string;
  children?: ComponentChildren;
}): VNode {
  const host = useRef<HTMLElement & { checked: boolean }>(null);
  useLayoutEffect(() => {
    if (host.current && host.current.checked !== props.checked) host.current.checked = props.checked;
  }, [props.checked]);
  return element(
    'vscode-checkbox',
    {
      ref: host,
      disabled: props.disabled ?? false,
      'aria-label': props.label,
      onChange: () => {
        const checked = host.current?.checked;
        if (checked !== undefined && checked !== props.checked) props.onChange(checked);
      },
    },
    props.children ?? props.label,
  );
}
