import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { TextField } from './toolkit';

/** What a typed text means, or a sentence on why it cannot be read. */
export type Reading<T> = { readonly value: T } | { readonly problem: string };

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
