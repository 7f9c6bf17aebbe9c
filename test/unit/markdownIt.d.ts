/** As much of it as the tests use. */
declare module 'markdown-it' {
  interface Token {
    readonly type: string;
    readonly content: string;
    readonly markup: string;
    readonly children: Token[] | null;
    attrGet(name: string): string | null;
  }

  export default class MarkdownIt {
    constructor(options: { readonly html?: boolean; readonly linkify?: boolean });
    parse(text: string, environment: object): Token[];
    render(text: string): string;
  }
}
