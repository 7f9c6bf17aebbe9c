/**
 * JSON or script text that may stand inside a <script> element. "<" followed by "/script", "!--" or "script" would end the element
 * or change how the rest is read; in JSON, as in a JavaScript string, "\u003c" says the same.
 */
const inertJson = (json: string): string =>
  json.replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');

/**
 * In a bundle both sequences stand only in strings, templates and regular expressions (minifiers write "< !--"), where "\\x3c" means
 * "<" too. "<script" alone does no harm once "<!--" is gone.
 */
const inertScript = (script: string): string => script.replace(/<(?=\/script|!--)/gi, '\\x3c');

const inertStyle = (style: string): string => style.replace(/<(?=\/style|!--)/gi, '\\3c ');

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const text = (raw: string): string => raw.replace(/[&<>"']/g, (c) => entities[c] ?? c);

/**
 * One HTML file that shows a run anywhere, offline: data, script and style inside, and a policy that lets nothing in from outside.
 * @param runJson what `serialiseRun` gave
 * @param script the bundle `dist/report.js`
 * @param style the bundle `dist/report.css`
 */
export function reportHtml({
  runJson,
  script,
  style,
  title,
}: {
  readonly runJson: string;
  readonly script: string;
  readonly style: string;
  readonly title: string;
}): string {
  const policy = [
    "default-src 'none'",
    "script-src 'unsafe-inline'",
    "style-src 'unsafe-inline'",
    'font-src data:',
    'img-src data: blob:',
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${text(title)}</title>
<style>${inertStyle(style)}</style>
</head>
<body class="report">
<main id="root"></main>
<noscript>This report draws its plots with JavaScript, which is switched off here.</noscript>
<script type="application/json" id="run">${inertJson(runJson)}</script>
<script>${inertScript(script)}</script>
</body>
</html>
`;
}
