import * as vscode from 'vscode';
import { activationAt, type CodeActivation } from '../../code/codeActivation';
import { initializerAt } from '../../code/initializers/codeInitializer';
import { layerBefore } from '../../code/initializers/layerBefore';
import type { Range } from '../../code/syntax';
import { calculationLike, type LayerBefore } from '../../core/explain/exampleNetwork';
import { hoverMarkdown, notElementWiseMarkdown } from '../../core/explain/hover';
import { type InitializerMention, initializerMarkdown } from '../../core/explain/initializerHover';
import { activationPicture, type PictureTheme } from '../../core/explain/picture';
import { encodeBase64 } from '../../core/format/base64';
import { isNotElementWiseName } from '../../core/frameworks/notElementWise';
import { commandUri } from '../../core/links/flowArgument';
import { commands } from '../../protocol/commands';
import { stepDone } from '../firstSteps';
import { hoverSettings, readingOptions } from '../settings';
import type { CodeDocuments } from './codeDocuments';

const themes: Readonly<Record<vscode.ColorThemeKind, PictureTheme>> = {
  [vscode.ColorThemeKind.Light]: 'light',
  [vscode.ColorThemeKind.Dark]: 'dark',
  [vscode.ColorThemeKind.HighContrast]: 'high-contrast-dark',
  [vscode.ColorThemeKind.HighContrastLight]: 'high-contrast-light',
};

/** Explains the activation under the pointer, or the initialiser. */
export class CodeHover implements vscode.HoverProvider {
  constructor(private readonly documents: CodeDocuments) {}

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | undefined> {
    if (!hoverSettings().enabled) return undefined;
    const parsed = await this.documents.parsed(document);
    const context = await this.documents.notebookContext(document);
    if (!parsed || token.isCancellationRequested || parsed.version !== document.version) return undefined;
    const offset = document.offsetAt(position);
    const at = ({ from, to }: Range) => new vscode.Range(document.positionAt(from), document.positionAt(to));
    const there = activationAt(parsed, offset, readingOptions(), context);
    if (there) {
      stepDone('asked');
      const layer = layerBefore(there.mention, parsed, readingOptions(), context);
      return new vscode.Hover(toMarkdown(there, layer), at(there.mention));
    }
    const initializer = initializerAt(parsed, offset, readingOptions(), context);
    if (initializer === undefined) return undefined;
    stepDone('asked');
    return new vscode.Hover(ofInitializer(initializer.mention), at(initializer.range));
  }
}

function toMarkdown({ spelling, found }: CodeActivation, layer: LayerBefore | undefined): vscode.MarkdownString {
  const { picture, numbers } = hoverSettings();
  const { activation: entry } = spelling;
  let text: string;
  if (found) {
    // Both show the network that the hover's own numbers are of.
    const calculation = calculationLike(found, layer);
    const options = {
      numbers,
      picture: picture ? pictureUri(found.activation) : undefined,
      compare: commandUri(commands.compareWith.id, calculation),
      calculator: commandUri(commands.openCalculator.id, calculation),
    };
    text = hoverMarkdown(found, options, layer);
  } else if (isNotElementWiseName(entry)) {
    text = notElementWiseMarkdown({ ...spelling, activation: entry });
  } else {
    text = spelling.name;
  }
  return trusted(text);
}

const ofInitializer = (mention: InitializerMention): vscode.MarkdownString =>
  trusted(
    initializerMarkdown(mention, {
      numbers: hoverSettings().numbers,
      compare: (calculation) => commandUri(commands.compareWith.id, calculation),
      calculator: (calculation) => commandUri(commands.openCalculator.id, calculation),
    }),
  );

function trusted(text: string): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString(text, true);
  markdown.supportHtml = true;
  markdown.isTrusted = { enabledCommands: [commands.compareWith.id, commands.openCalculator.id] };
  return markdown;
}

function pictureUri(activation: Parameters<typeof activationPicture>[0]): string {
  const svg = activationPicture(activation, themes[vscode.window.activeColorTheme.kind]);
  return `data:image/svg+xml;base64,${encodeBase64(new TextEncoder().encode(svg))}`;
}
