import { filesUnder, readFiles } from '../../src/cli/modelFiles';
import { diagnose } from '../../src/code/diagnostics/diagnose';
import { parse } from '../../src/code/document';
import { type ModelFix, modelFixes } from '../../src/code/edits/modelFixes';
import { withTextEdits } from '../../src/code/edits/textEdit';
import { type ModelDocument, readModels } from '../../src/code/models/read';
import { firstError } from '../../src/code/syntaxErrors';
import { shownRatio } from '../../src/core/advice/remedies/rank';
import type { Model } from '../../src/core/model/model';
import { graphFlow, isUnknownFlow } from '../../src/core/theory/graph';

/**
 * What the rules find in folders of code, and whether each quick fix leaves a text that parses and reads as its title
 * promises, read from scratch: node test/bench/fixes.mjs FOLDER…
 */

const options = { tensorflowKeras: 3 } as const;

const broken = (documents: readonly ModelDocument[]): number =>
  documents.filter(({ document }) => firstError(document) !== undefined).length;

/** Why a fix does not keep what its title says; undefined where it does. */
function broke({ title, edits }: ModelFix, model: Model, documents: readonly ModelDocument[]): string | undefined {
  const changed = withTextEdits(documents, edits).map(({ document, cell }) => ({
    document: parse(document.text, document.language),
    cell,
  }));
  if (broken(changed) > broken(documents)) return 'the text does not parse';
  const own = readModels(changed, options).models.filter(({ name }) => name === model.name);
  if (own.length === 0) return 'the model is gone';
  const [, promised] = /→ (.+)$/.exec(title) ?? [];
  const keeps = own.some((each) => {
    const flow = graphFlow(each);
    return !isUnknownFlow(flow) && shownRatio(flow.ratio) === promised;
  });
  return promised === undefined || keeps ? undefined : 'it reads as another number';
}

const counts = { files: 0, withModels: 0, models: 0, findings: 0, fixes: 0, offered: 0, broken: 0 };
for (const { file, models, documents } of readFiles(filesUnder(process.argv.slice(2)))) {
  counts.files++;
  if (models.length > 0) counts.withModels++;
  counts.models += models.length;
  counts.findings += diagnose(models, documents).length;
  for (const model of models) {
    for (const fix of modelFixes(model, documents, options)) {
      counts.fixes++;
      // At a finding; the others are there for whoever asks what would help.
      if (fix.answers.length > 0) counts.offered++;
      const problem = broke(fix, model, documents);
      if (problem === undefined) continue;
      counts.broken++;
      console.log(`${file}: ${model.name}: ${fix.title}: ${problem}`);
    }
  }
}
console.log(JSON.stringify(counts));
