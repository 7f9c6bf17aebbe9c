import { createHash } from 'node:crypto';
import { extname, isAbsolute, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type {
  ArtifactLocation,
  Fix,
  Location,
  Notification,
  PhysicalLocation,
  ReportingDescriptor,
  Result,
  Run,
} from 'sarif';
import { version } from '../../package.json';
import { type DiagnosticSeverity, UNKNOWN_RULE, usualSeverity } from '../code/diagnostics/diagnose';
import { rulePage } from '../core/advice/rulePages';
import { type Rule, rules } from '../core/advice/rules';
import type { SourceRange } from '../core/model/model';
import type { CheckWriter, Found } from './checkEntry';
import type { FileRead } from './modelFiles';
import { jsonText } from './output';
import { RawPlaces } from './rawPlaces';

const levels = { error: 'error', warning: 'warning', hint: 'note' } as const;
/** As GitHub sorts its alerts. */
const gravities = { error: 'error', warning: 'warning', hint: 'recommendation' } as const;

/** The folder in which the command runs: addresses are relative to it, so that a log tells nothing of the machine. */
const BASE = '%SRCROOT%';
const UNREAD = 'unread';

const nameOf = (id: string): string => id.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());

/** Without what only its folder makes a link. */
const withoutLinks = (page: string): string => page.replace(/\n\[All rules\]\(index\.md\)\s*$/, '').trimEnd();

const properties = (severity: DiagnosticSeverity) => ({
  tags: ['machine-learning', 'gradient-flow'],
  precision: 'high',
  'problem.severity': gravities[severity],
});

function descriptor(rule: Rule): ReportingDescriptor {
  const { id, title, documentation, offByDefault } = rule;
  const { what, number, why, fix } = documentation;
  const severity = usualSeverity(rule);
  return {
    id,
    name: nameOf(id),
    shortDescription: { text: `${title}.` },
    fullDescription: { text: what },
    help: { text: [what, number, why, fix].join('\n\n'), markdown: withoutLinks(rulePage(rule)) },
    defaultConfiguration: { level: levels[severity], ...(offByDefault ? { enabled: false } : {}) },
    properties: properties(severity),
  };
}

const unknownRule: ReportingDescriptor = {
  id: UNKNOWN_RULE,
  name: nameOf(UNKNOWN_RULE),
  shortDescription: { text: 'A comment silences a rule that does not exist.' },
  fullDescription: { text: 'A gradient-lens comment names what is no rule, and so silences nothing.' },
  help: {
    text: 'Name one of the rules, or leave the comment out.',
    markdown: 'Name one of the rules, or leave the comment out.',
  },
  defaultConfiguration: { level: levels.hint },
  properties: properties('hint'),
};

const descriptors: readonly ReportingDescriptor[] = [...rules.map(descriptor), unknownRule];
const indexOf = new Map(descriptors.map(({ id }, k) => [id, k]));

/** Relative to where the command runs; a URL for what lies outside. */
function addressOf(file: string): ArtifactLocation {
  const path = relative(process.cwd(), resolve(file));
  if (path.split(sep)[0] === '..' || isAbsolute(path)) return { uri: pathToFileURL(resolve(file)).href };
  return { uri: path.split(sep).map(encodeURIComponent).join('/'), uriBaseId: BASE };
}

/** The places of one file. */
class FilePlaces {
  readonly #notebook: boolean;
  readonly #raw: RawPlaces;
  readonly #address: ArtifactLocation;
  /** How often a fingerprint's words stood in the file already. */
  readonly #seen = new Map<string, number>();

  constructor(private readonly file: FileRead) {
    this.#notebook = extname(file.file) === '.ipynb';
    this.#raw = new RawPlaces(file, this.#notebook);
    this.#address = addressOf(file.file);
  }

  /**
   * In the file as it lies on the disk: of a notebook, in its JSON, which is what shows an alert. The cell, with the line and
   * column in it, is its logical location.
   */
  location(range: SourceRange): Location {
    const region = this.#raw.region(range);
    const physicalLocation: PhysicalLocation = { artifactLocation: this.#address, ...(region && { region }) };
    if (!this.#notebook) return { physicalLocation };
    const { cell = 0, line, column } = this.file.position(range);
    return {
      physicalLocation,
      logicalLocations: [{ name: `cell ${cell}`, kind: 'notebookCell', properties: { cell, line, column } }],
    };
  }

  fix({ title, edits }: Found['fixes'][number]): Fix | undefined {
    const replacements = edits.flatMap(({ text, ...range }) => {
      const deletedRegion = this.#raw.region(range);
      return deletedRegion ? [{ deletedRegion, insertedContent: { text: this.#raw.spelled(text) } }] : [];
    });
    if (replacements.length < edits.length) return undefined;
    return { description: { text: title }, artifactChanges: [{ artifactLocation: this.#address, replacements }] };
  }

  /** The same after edits elsewhere in the file: from rule, model and the text of the line. */
  fingerprint({ entry: { rule, model }, range }: Found): string {
    const text = this.file.documents.find(({ cell }) => cell === range.cell)?.document.text ?? '';
    const start = text.lastIndexOf('\n', range.from - 1) + 1;
    const words = [rule, model ?? '', text.slice(start).split('\n', 1)[0]!.trim().replace(/\s+/g, ' ')].join('\0');
    const before = this.#seen.get(words) ?? 0;
    this.#seen.set(words, before + 1);
    return createHash('sha256').update(`${words}\0${before}`).digest('hex').slice(0, 32);
  }
}

function resultOf(found: Found, places: FilePlaces): Result {
  const { rule, severity, message, cell } = found.entry;
  const fixes = found.fixes.flatMap((fix) => places.fix(fix) ?? []);
  return {
    ruleId: rule,
    ruleIndex: indexOf.get(rule) ?? -1,
    level: levels[severity],
    message: { text: cell === null ? message : `Cell ${cell}: ${message}` },
    locations: [places.location(found.range)],
    ...(found.related.length > 0 && {
      relatedLocations: found.related.map(({ range, message: text }, id) => ({
        id,
        message: { text },
        ...places.location(range),
      })),
    }),
    partialFingerprints: { 'gradientLensFinding/v1': places.fingerprint(found) },
    ...(fixes.length > 0 && { fixes }),
  };
}

const begin: Pick<Run, 'tool' | 'columnKind' | 'originalUriBaseIds'> = {
  tool: {
    driver: {
      name: 'Gradient Lens',
      version,
      semanticVersion: version,
      rules: [...descriptors],
      notifications: [{ id: UNREAD, shortDescription: { text: 'A file, or a part of it, could not be read.' } }],
    },
  },
  columnKind: 'utf16CodeUnits',
  originalUriBaseIds: { [BASE]: { description: { text: 'The folder in which the command ran.' } } },
};

/** A log of SARIF 2.1.0 (OASIS, 2020), one result a line; what could not be read are notifications. */
export function sarifWriter(): CheckWriter {
  let places: FilePlaces | undefined;
  let file: FileRead | undefined;
  return {
    begin() {
      const run = jsonText(begin).slice(0, -1);
      return `{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[${run},"results":[`;
    },
    entry(found) {
      const first = places === undefined;
      if (places === undefined || file !== found.source) {
        file = found.source;
        places = new FilePlaces(file);
      }
      return `${first ? '\n' : ',\n'}${jsonText(resultOf(found, places))}`;
    },
    end(_summary, problems) {
      const toolExecutionNotifications = problems.map(
        ({ file: path, message }): Notification => ({
          descriptor: { id: UNREAD, index: 0 },
          level: 'warning',
          message: { text: message },
          locations: [{ physicalLocation: { artifactLocation: addressOf(path) } }],
        }),
      );
      const invocations = [{ executionSuccessful: true, toolExecutionNotifications }];
      return `${places === undefined ? '' : '\n'}],"invocations":${jsonText(invocations)}}]}\n`;
    },
  };
}
