import { parser as javascriptParser } from '@lezer/javascript';
import type { LRParser } from '@lezer/lr';
import { parser as pythonParser } from '@lezer/python';
import { lazily } from '../core/math/lazily';
import type { Language } from './language';

const parsers: Readonly<Record<Language, () => LRParser>> = {
  python: () => pythonParser,
  javascript: lazily(() => javascriptParser.configure({ dialect: 'jsx' })),
  typescript: lazily(() => javascriptParser.configure({ dialect: 'ts' })),
  tsx: lazily(() => javascriptParser.configure({ dialect: 'ts jsx' })),
};

export const parserOf = (language: Language): LRParser => parsers[language]();
