import type { Tree } from '@lezer/common';
import { codeLanguage, type ParsedDocument } from '../document';
import { inOneGo, type Steps } from '../steps';
import { childrenOf } from '../syntax';
import type { Part, PlacedPart, Program } from './ast';
import { javascriptGrammar } from './javascript/grammar';
import { type Grammar, Lowering } from './lowering';
import { CodeNode } from './node';
import { pythonGrammar } from './python/grammar';
import { isSameTree } from './sameTree';

const grammars: Readonly<Record<Program['language'], Grammar>> = {
  python: pythonGrammar,
  javascript: javascriptGrammar,
};

/** A part with what it was made of: where that is the same, so is the part. */
interface MadePart extends Part {
  readonly text: string;
  readonly tree: Tree;
}

/** The text alone: a slice of a long text keeps all of that in memory, and parts are kept from version to version. */
const alone = (slice: string): string => ` ${slice}`.slice(1);

/** The parts of a former version of a text, each to be taken over once. */
class FormerParts {
  private readonly byText = new Map<string, MadePart[]>();

  constructor(program: Program | undefined) {
    for (const { part } of program?.parts ?? []) {
      const { text } = part as MadePart;
      const same = this.byText.get(text);
      if (same === undefined) this.byText.set(text, [part as MadePart]);
      else same.push(part as MadePart);
    }
  }

  take(text: string, tree: Tree): MadePart | undefined {
    const parts = this.byText.get(text);
    const at = parts?.findIndex((part) => isSameTree(part.tree, tree)) ?? -1;
    return at < 0 ? undefined : parts!.splice(at, 1)[0];
  }
}

function partOf(document: ParsedDocument, slice: string, tree: Tree): MadePart {
  const text = alone(slice);
  const lowering = new Lowering({ ...document, text, tree }, grammars[codeLanguage(document)]);
  return { body: lowering.statement(CodeNode.of(tree)), text, tree };
}

/**
 * A text as a program. Broken code gives `other` where it is broken, never an exception. The parts of a former version
 * of the text are taken over where they still stand, so that an edit costs what it touches.
 */
export const programOf = (document: ParsedDocument, former?: Program): Program =>
  inOneGo(programSteps(document, former));

/** The same, a part a step. */
export function* programSteps(document: ParsedDocument, former?: Program): Steps<Program> {
  const language = codeLanguage(document);
  const formerParts = new FormerParts(former?.language === language ? former : undefined);
  const parts: PlacedPart[] = [];
  for (const node of childrenOf(document.tree.topNode)) {
    const { from, to } = node;
    const text = document.text.slice(from, to);
    const tree = node.toTree();
    parts.push({ from, part: formerParts.take(text, tree) ?? partOf(document, text, tree) });
    yield;
  }
  return { language, parts };
}
