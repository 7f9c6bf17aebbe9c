import { activationAt } from '../../../src/code/codeActivation';
import { callNamedAt, layerAppliedAt, layerNameAt, layerOf } from '../../../src/code/codeLayer';
import { type ParsedDocument, parse } from '../../../src/code/document';
import { layerBefore } from '../../../src/code/initializers/layerBefore';
import { activationPlaces, inModel } from '../../../src/code/initializers/modelPlaces';
import { modelsOf } from '../../../src/code/initializers/textModels';
import type { Language } from '../../../src/code/language';
import { alone } from '../../../src/code/place';
import { hoverMarkdown } from '../../../src/core/explain/hover';
import { layerMarkdown } from '../../../src/core/explain/layerHover';

const options = { tensorflowKeras: 3 } as const;
const links = { numbers: 'words', picture: 'data:picture', compare: 'command:a', calculator: 'command:b' } as const;

/** A hover on an activation or a layer in a text with its models, as the host puts it together. */
export function modelHover(document: ParsedDocument, offset: number): string | undefined {
  const graphs = modelsOf(document, alone, options);
  const there = activationAt(document, offset, options);
  if (there !== undefined) {
    if (there.found === undefined) return undefined;
    const place = inModel(activationPlaces(graphs, 0, there.mention));
    return hoverMarkdown(there.found, links, layerBefore(there.mention, document, options), place);
  }
  const name = layerNameAt(document, offset, options);
  const used = name === undefined ? callNamedAt(document, offset) : undefined;
  const asked = [{ document, context: alone }, options, graphs] as const;
  const layer = name ? layerOf(name, ...asked) : used && layerAppliedAt(used, ...asked);
  if (layer === undefined) return undefined;
  const to = { numbers: 'words', compare: () => 'command:a', calculator: () => 'command:b' } as const;
  return layerMarkdown(layer.mention, to, inModel(layer.places));
}

/** All hovers of a text, each at its first letter's place. */
export function hoversIn(text: string, language: Language): { readonly at: string; readonly markdown: string }[] {
  const document = parse(text, language);
  return [...text.matchAll(/\w+/g)].flatMap(({ 0: word, index }) => {
    const markdown = modelHover(document, index);
    return markdown === undefined ? [] : [{ at: `${word} ${index}`, markdown }];
  });
}
