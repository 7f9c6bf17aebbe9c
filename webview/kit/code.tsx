import type { VNode } from 'preact';
import { unbroken } from './unbroken';

/** A sentence with what stands between backticks as code. */
export const withCode = (sentence: string): (VNode | string)[] =>
  sentence.split('`').map((part, i) => (i % 2 === 0 ? unbroken(part) : <code key={i}>{part}</code>));
