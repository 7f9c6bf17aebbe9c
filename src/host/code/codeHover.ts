import * as vscode from 'vscode';
import { activationAt, type CodeActivation } from '../../code/codeActivation';
import { callNamedAt, layerAppliedAt, layerNameAt, layerOf } from '../../code/codeLayer';
import { initializerAt } from '../../code/initializers/codeInitializer';
import { layerBefore } from '../../code/initializers/layerBefore';
import { activationPlaces, inModel } from '../../code/initializers/modelPlaces';
import { alone } from '../../code/place';
import type { Range } from '../../code/syntax';
import { calculationLike, type LayerBefore } from '../../core/explain/exampleNetwork';
import { hoverMarkdown, notElementWiseMarkdown } from '../../core/explain/hover';
import { type InitializerMention, initializerMarkdown } from '../../core/explain/initializerHover';
import { layerMarkdown } from '../../core/explain/layerHover';
import type { LayersInModel } from '../../core/explain/modelLayer';
import { activationPicture, type PictureTheme } from '../../core/explain/picture';
import { encodeBase64 } from '../../core/format/base64';
import { isNotElementWiseName } from '../../core/frameworks/notElementWise';
import { commandUri } from '../../core/links/flowArgument';
import { codeCommands, commands } from '../../protocol/commands';
import { hoverSettings, readingOptions } from '../settings';
import type { CodeDocuments } from './codeDocuments';
import { hoverModels, modelLinks } from './hoverModels';
import type { ModelDocuments } from './models/modelDocuments';

const themes: Readonly<Record<vscode.ColorThemeKind, PictureTheme>> = {
  [vscode.ColorThemeKind.Light]: 'light',
  [vscode.ColorThemeKind.Dark]: 'dark',
  [vscode.ColorThemeKind.HighContrast]: 'high-contrast-dark',
  [vscode.ColorThemeKind.HighContrastLight]: 'high-contrast-light',
};

interface ModelLinks {
  readonly compare: string;
  readonly calculator: string;
}

/** Explains the activation under the pointer, the initialiser, or the layer: as its own model has it. */
export class CodeHover implements vscode.HoverProvider {
  constructor(
    private readonly documents: CodeDocuments,
    private readonly models: ModelDocuments,
    /** A person has asked their code. */
    private readonly asked: () => void,
  ) {}

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | undefined> {
    if (!hoverSettings().enabled) return undefined;
    const parsed = await this.documents.parsed(document);
    const context = (await this.documents.notebookContext(document)) ?? alone;
    if (!parsed || token.isCancellationRequested || parsed.version !== document.version) return undefined;
    const offset = document.offsetAt(position);
    const at = ({ from, to }: Range) => new vscode.Range(document.positionAt(from), document.positionAt(to));
    const options = readingOptions();
    const there = activationAt(parsed, offset, options, context);
    if (there) {
      this.asked();
      if (there.found === undefined) return new vscode.Hover(toMarkdown(there, undefined), at(there.mention));
      const read = await hoverModels(document, this.models);
      const cell = read.numberOfCell(context.before.length);
      const place = inModel(activationPlaces(read.graphs, cell, there.mention));
      const links = place && modelLinks(place, read);
      const layer = layerBefore(there.mention, parsed, options, context, { models: read.graphs, cell });
      return new vscode.Hover(toMarkdown(there, layer, place, links), at(there.mention));
    }
    const initializer = initializerAt(parsed, offset, options, context);
    if (initializer !== undefined) {
      this.asked();
      return new vscode.Hover(ofInitializer(initializer.mention), at(initializer.range));
    }
    const name = layerNameAt(parsed, offset, options, context);
    const used = name === undefined ? callNamedAt(parsed, offset) : undefined;
    if (name === undefined && used === undefined) return undefined;
    const read = await hoverModels(document, this.models);
    if (token.isCancellationRequested) return undefined;
    const asked = [{ document: parsed, context }, options, read.graphs, read.numberOfCell] as const;
    const found = name ? layerOf(name, ...asked) : used && layerAppliedAt(used, ...asked);
    if (found === undefined) return undefined;
    this.asked();
    const place = inModel(found.places);
    const model = place && modelLinks(place, read);
    return new vscode.Hover(trusted(layerMarkdown(found.mention, { ...linksTo(), model }, place)), at(found.range));
  }
}

function toMarkdown(
  { spelling, found }: CodeActivation,
  layer: LayerBefore | undefined,
  place?: LayersInModel,
  links?: ModelLinks,
): vscode.MarkdownString {
  const { picture, numbers } = hoverSettings();
  const { activation: entry } = spelling;
  let text: string;
  if (found) {
    // Both show the network that the hover's own numbers are of.
    const calculation = calculationLike(found, layer);
    const options = {
      numbers,
      picture: picture ? pictureUri(found.activation) : undefined,
      compare: links?.compare ?? commandUri(commands.compareWith.id, calculation),
      calculator: links?.calculator ?? commandUri(commands.openCalculator.id, calculation),
    };
    text = hoverMarkdown(found, options, layer, place);
  } else if (isNotElementWiseName(entry)) {
    text = notElementWiseMarkdown({ ...spelling, activation: entry });
  } else {
    text = spelling.name;
  }
  return trusted(text);
}

/** Links to what the numbers of an initialiser or a layer are of. */
const linksTo = () => ({
  numbers: hoverSettings().numbers,
  compare: (calculation: object) => commandUri(commands.compareWith.id, calculation),
  calculator: (calculation: object) => commandUri(commands.openCalculator.id, calculation),
});

const ofInitializer = (mention: InitializerMention): vscode.MarkdownString =>
  trusted(initializerMarkdown(mention, linksTo()));

/** Commands that a hover's links may run. */
const enabledCommands: readonly string[] = [
  commands.compareWith,
  commands.openCalculator,
  codeCommands.compareModel,
  codeCommands.openModelInCalculator,
].map(({ id }) => id);

function trusted(text: string): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString(text, true);
  markdown.supportHtml = true;
  markdown.isTrusted = { enabledCommands };
  return markdown;
}

function pictureUri(activation: Parameters<typeof activationPicture>[0]): string {
  const svg = activationPicture(activation, themes[vscode.window.activeColorTheme.kind]);
  return `data:image/svg+xml;base64,${encodeBase64(new TextEncoder().encode(svg))}`;
}
