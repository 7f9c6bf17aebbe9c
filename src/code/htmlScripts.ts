/**
 * Scripts of a page: what is between their tags, but for those of another kind, such as JSON or shaders; and what its
 * elements do on a click and the like.
 */
const CODE = /<!--[\s\S]*?(?:-->|$)|<script\b([^>]*)>([\s\S]*?)<\/script\s*>|\son[a-z]+\s*=\s*("[^"]*"|'[^']*')/gi;
const OTHER_KIND = /\btype\s*=\s*["']?(?!(?:text|application)\/(?:java|ecma)script\b|module\b|["'\s>])[^"'\s>]+/i;

/** A handler that may make a model. */
const TELLING = /\btf\b/;

/** The scripts of an HTML page, each at its place: all else is blank, so that offsets and lines are the page's. */
export function scriptsIn(html: string): string {
  let code = '';
  for (const { 0: whole, 1: attributes = '', 2: script = '', 3: handler, index } of html.matchAll(CODE)) {
    if (handler !== undefined) {
      if (!TELLING.test(handler)) continue;
      // Its quotes become the braces of a block.
      const start = index + whole.length - handler.length;
      code += `${blank(html.slice(code.length, start))}{${handler.slice(1, -1)}}`;
      continue;
    }
    if (whole.startsWith('<!--') || OTHER_KIND.test(attributes)) continue;
    const start = index + whole.indexOf('>') + 1;
    code += blank(html.slice(code.length, start)) + script;
  }
  return code + blank(html.slice(code.length));
}

const blank = (text: string): string => text.replace(/[^\r\n]/g, ' ');
