import type { ComponentChildren, VNode } from 'preact';
import './field.css';

/** A label over its controls, and under them what is wrong, or else a hint. */
export function Field({
  label,
  hint,
  problem,
  name,
  wide,
  several,
  children,
}: {
  label: ComponentChildren;
  hint?: ComponentChildren;
  problem?: string | undefined;
  /** Names the setting for tests, and for a jump to what is wrong. */
  name: string;
  /** Across the whole form. */
  wide?: boolean;
  /** More than one control stands beside each other. */
  several?: boolean;
  children: ComponentChildren;
}): VNode {
  return (
    <div class={wide ? 'field wide' : 'field'} data-setting={name}>
      <span class="field-label">{label}</span>
      <div class={several ? 'field-control several' : 'field-control'}>{children}</div>
      {problem !== undefined ? (
        <span class="problem">{problem}</span>
      ) : (
        hint !== undefined && <span class="hint">{hint}</span>
      )}
    </div>
  );
}
