// For the end-to-end tests, which are TypeScript.
import type { Browser } from 'playwright-core';

export function ensureChromium(): Promise<string>;
export function launchChromium(): Promise<Browser>;
