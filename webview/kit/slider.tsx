import type { VNode } from 'preact';
import './slider.css';

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
