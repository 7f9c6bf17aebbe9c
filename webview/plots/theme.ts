import { useEffect, useState } from 'preact/hooks';
import type { PlotTheme } from '../../src/core/plots/plot';

/** Relative luminance (WCAG 2) of a CSS colour as `getComputedStyle` reports it; undefined where it is something else. */
function luminance(colour: string): number | undefined {
  const numbers = /^rgba?\(([^)]+)\)$/
    .exec(colour)?.[1]
    ?.split(/[ ,/]+/)
    .map(Number);
  if (numbers === undefined || numbers.length < 3 || numbers[3] === 0) return undefined;
  const [r = 0, g = 0, b = 0] = numbers.map((x) =>
    x / 255 <= 0.04045 ? x / 255 / 12.92 : ((x / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** The page's own background, which in a side bar is not the editor's; undefined where it lets another one through. */
const ground = ({ backgroundColor }: CSSStyleDeclaration): string | undefined =>
  luminance(backgroundColor) === undefined ? undefined : backgroundColor;

/** Reads the theme that the page is in. */
export function readTheme(): PlotTheme {
  const style = getComputedStyle(document.body);
  const variable = (name: string, fallback: string): string =>
    style.getPropertyValue(`--vscode-${name}`).trim() || fallback;
  const classes = document.body.classList;
  const light = luminance(style.backgroundColor);
  const isLight =
    light === undefined
      ? classes.contains('vscode-light') || classes.contains('vscode-high-contrast-light')
      : light > 0.18;
  const foreground = variable('foreground', isLight ? '#3b3b3b' : '#cccccc');
  const highContrast = classes.contains('vscode-high-contrast') || classes.contains('vscode-high-contrast-light');
  return {
    background: isLight ? 'light' : 'dark',
    highContrast,
    canvas: ground(style) ?? variable('editor-background', isLight ? '#ffffff' : '#1f1f1f'),
    foreground,
    muted: highContrast ? foreground : variable('descriptionForeground', foreground),
    grid: isLight ? (highContrast ? '#8a8a8a' : '#e4e4e4') : highContrast ? '#6b6b6b' : '#333333',
    error: variable('editorError-foreground', isLight ? '#c72e0f' : '#f85149'),
    fontFamily: variable('font-family', 'system-ui, sans-serif'),
  };
}

let current: PlotTheme | undefined;
const listeners = new Set<(theme: PlotTheme) => void>();

function refresh(): void {
  const next = readTheme();
  if (JSON.stringify(next) === JSON.stringify(current)) return;
  current = next;
  for (const listener of listeners) listener(next);
}

/** VS Code changes body's class and the variables on the root element when a person picks another theme. */
function watch(): void {
  const observer = new MutationObserver(refresh);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', refresh);
}

export function theme(): PlotTheme {
  if (current === undefined) {
    current = readTheme();
    watch();
  }
  return current;
}

/** The theme, and a new rendering whenever it changes. */
export function useTheme(): PlotTheme {
  const [value, setValue] = useState(theme);
  useEffect(() => {
    listeners.add(setValue);
    setValue(theme());
    return () => {
      listeners.delete(setValue);
    };
  }, []);
  return value;
}
