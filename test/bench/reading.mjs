import { runBundled } from './bundled.mjs';

/** The measurement of reading: npm run bench, from the project's folder. */
await runBundled('reading');
