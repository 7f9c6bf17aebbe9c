/** Scripts of a page: what is between their tags, but for those of another kind, such as JSON or shaders. */
const SCRIPT = /<script\b([^>]*)>([\s\S]*?)<\/script\s*>/gi;
const OTHER_KIND = /\btype\s*=\s*["']?(?!(?:text|application)\/(?:java|ecma)script\b|module\b|["'\s>])[^"'\s>]+/i;

/** The scripts of an HTML page, each at its place: all else is blank, so that offsets and lines are the page's. */
export function scriptsIn(html: string): string {
  let code = '';
  for (const { 0: whole, 1: attributes = '', 2: script = '', index } of html.matchAll(SCRIPT)) {
    if (OTHER_KIND.test(attributes)) continue;
    const start = index + whole.indexOf('>') + 1;
    code += blank(html.slice(code.length, start)) + script;
  }
  return code + blank(html.slice(code.length));
}

const blank = (text: string): string => text.replace(/[^\r\n]/g, ' ');
