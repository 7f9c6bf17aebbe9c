import { runBundled } from './bundled.mjs';

/** The study of stacks: node test/bench/flowStudy.mjs, from the project's folder. */
await runBundled('flowStudy');
