import MarkdownIt from 'markdown-it';

/** What stands in a text once it is drawn as VS Code draws Markdown: with HTML, links that were not written as such, and icons. */
export interface RenderedMarkdown {
  /** Where its links lead, in order. */
  readonly links: readonly string[];
  /** Of blocks and inline parts, other than paragraphs, texts and breaks of lines: `heading`, `list_item`, `strong`, `html_block`. */
  readonly kinds: readonly string[];
  /** HTML that was written as such, tag by tag. */
  readonly tags: readonly string[];
  readonly icons: readonly string[];
}

type Token = ReturnType<MarkdownIt['parse']>[number];

/** What VS Code makes a link of where it stands alone; this reader takes `a.me` for one too. */
const alone = /^(?:https?:|ftp:|mailto:|www\.)|@/i;

const reader = new MarkdownIt({ html: true, linkify: true });
const plain: ReadonlySet<string> = new Set(['paragraph', 'inline', 'text', 'softbreak', 'hardbreak']);

const all = (tokens: readonly Token[]): Token[] =>
  tokens.flatMap((token) => [token, ...(token.children === null ? [] : all(token.children))]);

export function rendered(markdown: string): RenderedMarkdown {
  const tokens = all(reader.parse(markdown, {}));
  const kinds = tokens.map(({ type }) => type.replace(/_(open|close)$/, '')).filter((type) => !plain.has(type));
  const html = tokens.filter(({ type }) => type.startsWith('html')).map(({ content }) => content);
  return {
    links: tokens.flatMap((token, i) => {
      const isLink = token.type === 'link_open' && !(token.markup === 'linkify' && !alone.test(tokens[i + 1]!.content));
      return isLink ? [token.attrGet('href') ?? ''] : [];
    }),
    kinds: [...new Set(kinds)],
    tags: html.flatMap((each) => each.match(/<[^>]*>/g) ?? []),
    // VS Code looks for them in what Markdown has become.
    icons: reader.render(markdown).match(/\$\([a-z][\w-]*(?:~[a-z]+)?\)/gi) ?? [],
  };
}
