import { type OnePage, onePage } from './onePage';

/**
 * One HTML file that shows a run anywhere, offline.
 * @param runJson what `serialiseRun` gave
 * @param script the bundle `dist/report.js`
 * @param style the bundle `dist/report.css`
 */
export const reportHtml = ({
  runJson,
  ...page
}: Pick<OnePage, 'script' | 'style' | 'title' | 'nonce'> & { readonly runJson: string }): string =>
  onePage({
    ...page,
    className: 'report',
    withoutScripts: 'This report draws its plots with JavaScript, which is switched off here.',
    json: { run: runJson },
  });
