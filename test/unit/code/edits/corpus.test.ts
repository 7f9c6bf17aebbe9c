import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { modelFixes } from '../../../../src/code/edits/modelFixes';
import { withTextEdits } from '../../../../src/code/edits/textEdit';
import { type ModelDocument, readModels } from '../../../../src/code/models/read';
import { isComment, textOf } from '../../../../src/code/syntax';
import { fixOf, graphRemedies } from '../../../../src/core/advice/modelRemedies';
import { withEdits } from '../../../../src/core/advice/remedies/graphEdits';
import { shownRatio } from '../../../../src/core/advice/remedies/rank';
import { type ActivationUse, libraryLabels, type Model } from '../../../../src/core/model/model';
import { graphFlow, isUnknownFlow } from '../../../../src/core/theory/graph';
import { corpus, corpusFolder, shownModel, usual } from '../models/layersShown';

/** Whose name an activation bears depends on how it is written: tf.nn.relu and "relu" are one. */
const shown = (graph: Model): string => {
  const nodes = graph.nodes.map((node) => {
    if (node.operation.kind !== 'activation') return node;
    const activation: ActivationUse = { ...node.operation.activation, framework: graph.framework };
    return { ...node, operation: { ...node.operation, activation } };
  });
  return shownModel({ ...graph, nodes });
};

const leaves = (documents: readonly ModelDocument[], is: 'comment' | 'error'): string[] =>
  documents.flatMap(({ document }) => {
    const found: string[] = [];
    document.tree.iterate({
      enter: ({ node }) => {
        if (is === 'error' ? node.type.isError : isComment(node)) found.push(textOf(document, node));
      },
    });
    return found;
  });

const ratioOf = (graph: Model): number => {
  const flow = graphFlow(graph);
  return isUnknownFlow(flow) ? Number.NaN : flow.ratio;
};

const frameworks = readdirSync(corpusFolder);
const files = frameworks.flatMap((folder) => corpus(folder).map((file) => [`${folder}/${file.name}`, file] as const));

describe('every quick fix of the corpus', () => {
  test.each(files)('%s', (_, { documents }) => {
    const { models } = readModels(documents, usual);
    models.forEach((model, k) => {
      const remedies = graphRemedies(model);
      for (const { title, edits, preferred, rules, answers } of modelFixes(model, documents, usual)) {
        const after = withTextEdits(documents, edits);
        const read = readModels(after, usual).models;
        expect(read.length, title).toBe(models.length);
        const now = read[k]!;
        const remedy = remedies.find((each) => fixOf(each).title === title);
        if (remedy !== undefined) {
          expect(shown(now), title).toBe(shown(withEdits(model, remedy.edits)));
          expect(ratioOf(now) / remedy.after, title).toBeCloseTo(1, 9);
        }
        const promised = /: \S+ → (\S+)$/.exec(title)?.[1];
        if (promised !== undefined) expect(shownRatio(ratioOf(now)), title).toBe(promised);
        // Nothing but what the edits name is another text, and it is code still.
        expect(leaves(after, 'error').length, title).toBe(leaves(documents, 'error').length);
        for (const comment of leaves(documents, 'comment')) expect(leaves(after, 'comment'), title).toContain(comment);
        edits.forEach(({ cell, from, to }, i) => {
          const before = edits[i - 1];
          expect(from).toBeLessThanOrEqual(to);
          if (before?.cell === cell) expect(before.to, title).toBeLessThanOrEqual(from);
        });
        expect(rules).toEqual([...new Set(answers.map(({ rule }) => rule))]);
        expect(!preferred || rules.length > 0).toBe(true);
      }
    });
  });

  test('there are some in every framework, in the words of its own library', () => {
    for (const framework of frameworks) {
      const fixes = corpus(framework).flatMap(({ documents }) =>
        readModels(documents, usual).models.flatMap((model) => modelFixes(model, documents, usual)),
      );
      expect(fixes.length, framework).toBeGreaterThan(framework in libraryLabels ? 2 : 5);
      const texts = fixes.flatMap(({ edits }) => edits.map(({ text }) => text)).join('\n');
      if (framework in libraryLabels) expect(texts, framework).not.toMatch(/kernel_init|initializers\.[a-z]/);
      if (framework === 'equinox') expect(texts).not.toMatch(/_init=|initializers/);
    }
  });
});
