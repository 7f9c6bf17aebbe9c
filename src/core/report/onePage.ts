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

export interface OnePage {
  readonly title: string;
  /** Of the body. */
  readonly className: string;
  /** Said where scripts are switched off. */
  readonly withoutScripts: string;
  /** What the script works with, by id: JSON. */
  readonly json: Readonly<Record<string, string>>;
  /** Bundles that the script starts as workers, by id: they do not run by themselves. They may compile WebAssembly. */
  readonly workers?: Readonly<Record<string, string>>;
  readonly script: string;
  readonly style: string;
  /** Random letters and digits of this page's own: what has them not does not run. */
  readonly nonce: string;
}

/** One HTML file that works anywhere, offline: data, script and style inside, and a policy that lets nothing in from outside. */
export function onePage({
  title,
  className,
  withoutScripts,
  json,
  workers = {},
  script,
  style,
  nonce,
}: OnePage): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'${Object.keys(workers).length > 0 ? " 'wasm-unsafe-eval'" : ''}`,
    'worker-src blob:',
    // Vega and the toolkit set styles of elements.
    "style-src 'unsafe-inline'",
    'font-src data:',
    'img-src data: blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const data = [
    ...Object.entries(json).map(
      ([id, own]) => `<script type="application/json" id="${text(id)}">${inertJson(own)}</script>`,
    ),
    ...Object.entries(workers).map(
      ([id, own]) => `<script type="text/plain" id="${text(id)}">${inertScript(own)}</script>`,
    ),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${text(policy)}">
<title>${text(title)}</title>
<style>${inertStyle(style)}</style>
</head>
<body class="${text(className)}">
<div id="root"></div>
<noscript>${text(withoutScripts)}</noscript>
${data.join('\n')}
<script nonce="${text(nonce)}">${inertScript(script)}</script>
</body>
</html>
`;
}
