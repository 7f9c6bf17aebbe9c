import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { TextField } from '../kit/toolkit';
import type { Reading } from './form';

/** A label over its controls, and under them a hint. */
export function Field({
  label,
  hint,
  name,
  children,
}: {
  label: string;
  hint?: ComponentChildren;
  name: string;
  children: ComponentChildren;
}): VNode {
  return (
    <div class="field" data-setting={name}>
      <span class="field-label">{label}</span>
      <div class="field-control">{children}</div>
      {hint !== undefined && <span class="hint">{hint}</span>}
    </div>
  );
}

/** A native slider in the editor's colours: it answers while it is dragged. */
export function Slider({
  label,
  value,
  min,
  max,
  step = 1,
  text,
  name,
  disabled = false,
  onInput,
}: {
  label: string;
  value: number;
  min: number;
  max: number;
  step?: number;
  /** The value in words, where the number alone would not say it. */
  text?: string;
  name: string;
  disabled?: boolean;
  onInput(value: number): void;
}): VNode {
  return (
    <input
      class="slider"
      type="range"
      aria-label={label}
      title={label}
      aria-valuetext={text}
      data-slider={name}
      min={min}
      max={max}
      step={step}
      value={value}
      disabled={disabled}
      onInput={(event) => onInput(Number(event.currentTarget.value))}
    />
  );
}

/** A text field for one value: told while it can be read, with a sentence under it while it cannot. */
export function DraftField<T>({
  label,
  value,
  text,
  read,
  onValue,
  placeholder,
  name,
  short = false,
}: {
  label: string;
  value: T;
  /** The value as it is written. */
  text: string;
  read(text: string): Reading<T>;
  onValue(value: T): void;
  placeholder?: string;
  name: string;
  short?: boolean;
}): VNode {
  const [draft, setDraft] = useState(text);
  const [problem, setProblem] = useState<string | undefined>(undefined);
  const told = useRef<string[]>([]);
  // A value from elsewhere (a slider, a preset) replaces what was typed; one's own does not: "1." stays while one types 1.5.
  // One's own may come back when more has been typed already.
  useEffect(() => {
    const own = told.current.indexOf(JSON.stringify(value));
    told.current = own < 0 ? [] : told.current.slice(own);
    if (own >= 0) return;
    setDraft(text);
    setProblem(undefined);
  }, [text]);
  const onInput = (typed: string) => {
    setDraft(typed);
    const reading = read(typed);
    setProblem('problem' in reading ? reading.problem : undefined);
    if ('problem' in reading) return;
    told.current.push(JSON.stringify(reading.value));
    onValue(reading.value);
  };
  return (
    <>
      <TextField
        class={short ? 'short' : ''}
        label={label}
        value={draft}
        problem={problem}
        field={name}
        {...(placeholder === undefined ? {} : { placeholder })}
        onInput={onInput}
      />
      {problem !== undefined && <span class="problem">{problem}</span>}
    </>
  );
}
