import type { ActivationName } from '../../core/activations/catalogue';
import { framework } from '../../core/frameworks/all';
import type { FrameworkId, Spelling, SpellingForm } from '../../core/frameworks/framework';
import { resolveSpelling } from '../../core/frameworks/resolve';
import { methodSpelling, pathSpelling, stringSpelling } from '../../core/frameworks/spellings';

/** One way to write an activation. */
export interface NewSpelling {
  readonly spelling: Spelling;
  /** `torch.nn.functional`; empty for strings and methods. */
  readonly module: string;
  readonly name: string;
  /** `approximate=False`, where the framework's default is another function. */
  readonly arguments: readonly string[];
}

const exact = [{ name: 'approximate', value: false, text: 'False' }];

/** All ways in which a framework writes a function, in a form; the likeliest name first. */
export function spelledAs(id: FrameworkId, form: SpellingForm, wanted: ActivationName): NewSpelling[] {
  const { language } = framework(id).paths;
  const found: NewSpelling[] = [];
  for (const shelf of framework(id).shelves) {
    if (shelf.form !== form) continue;
    for (const name of Object.keys(shelf.items)) {
      for (const module of shelf.modules.length === 0 ? [''] : shelf.modules) {
        const spelling =
          form === 'string'
            ? stringSpelling(id, name)
            : form === 'method'
              ? methodSpelling(id, name)
              : pathSpelling(`${module}.${name}`, language);
        if (spelling === undefined || spelling.name !== name || spelling.note !== undefined) continue;
        if (resolveSpelling(spelling)?.activation.name === wanted) {
          found.push({ spelling, module, name, arguments: [] });
        } else if (
          (form === 'layer' || form === 'function') &&
          language === 'python' &&
          spelling.parameters.some((parameter) => parameter.name === 'approximate' && parameter.default === true) &&
          resolveSpelling(spelling, exact)?.activation.name === wanted
        ) {
          found.push({ spelling, module, name, arguments: ['approximate=False'] });
        }
      }
    }
  }
  const entry = wanted.replaceAll('_', '').toLowerCase();
  const rank = ({ name }: NewSpelling): number => (name.replaceAll('_', '').toLowerCase() === entry ? 0 : 1);
  return found.sort((a, b) => rank(a) - rank(b));
}
