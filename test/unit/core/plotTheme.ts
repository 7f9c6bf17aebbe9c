import type { PlotTheme } from '../../../src/core/plots/plot';

/** The colours of a dark editor, as a page hands them to its plots. */
export const theme: PlotTheme = {
  background: 'dark',
  highContrast: false,
  canvas: '#1f1f1f',
  foreground: '#cccccc',
  muted: '#9d9d9d',
  grid: '#333333',
  error: '#f85149',
  fontFamily: 'sans-serif',
};
