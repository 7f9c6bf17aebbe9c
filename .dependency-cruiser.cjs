/**
 * The direction of imports, room by room (see CONTRIBUTING.md, "Rooms").
 *
 *   core ← protocol ← engine    (the training worker, a bundle of its own)
 *                   ← session ← cli, webview
 *                   ← host
 *        ← code     ← host, cli (people's model code, read and never run)
 */
const rooms = {
  core: [],
  code: ['core'],
  protocol: ['core'],
  engine: ['core', 'protocol'],
  host: ['core', 'code', 'protocol'],
  session: ['core', 'protocol'],
  cli: ['core', 'code', 'protocol', 'session'],
};

const srcRules = Object.entries(rooms).map(([room, allowed]) => ({
  name: `${room}-imports-only-its-allowed-rooms`,
  severity: 'error',
  comment: `src/${room} may import from itself${allowed.map((name) => `, src/${name}`).join('')}.`,
  from: { path: `^src/${room}/` },
  to: { path: '^(src|webview|test)/', pathNot: `^src/(${[room, ...allowed].join('|')})/` },
}));

const ground = ['math', 'format', 'words'];
const functions = [...ground, 'initializers', 'activations', 'frameworks'];
const networks = [...functions, 'model'];
const trained = [...networks, 'data', 'experiment', 'runs'];
const judged = [...trained, 'theory', 'calculation', 'verdicts', 'advice'];
/**
 * Rooms of the core, from the ground up. Theory and what is trained (experiment, runs) do not meet below calculation.
 *
 * @type {Record<string, string[]>}
 */
const coreRooms = {
  math: [],
  format: [],
  words: [],
  data: ground,
  initializers: ground,
  activations: [...ground, 'initializers'],
  frameworks: [...ground, 'initializers', 'activations'],
  model: functions,
  theory: networks,
  experiment: networks,
  runs: [...networks, 'data', 'experiment'],
  calculation: [...networks, 'data', 'experiment', 'theory'],
  links: [...networks, 'experiment', 'calculation'],
  verdicts: [...trained, 'theory', 'calculation'],
  advice: [...trained, 'theory', 'calculation', 'verdicts'],
  sweeps: judged,
  plots: [...judged, 'sweeps'],
  report: [...judged, 'links'],
  explain: [...judged, 'links', 'plots', 'report'],
};

/** @type {Record<string, string[]>} */
const engineRooms = {
  thread: [],
  tensors: [],
  kernels: ['tensors'],
  plan: ['tensors'],
  backends: [],
  train: ['thread', 'tensors', 'kernels', 'plan', 'backends'],
  measure: ['thread', 'tensors', 'kernels', 'plan'],
};

/** What a page may be made of; pages never import each other, and only the shell's entry knows them all. */
const shared = ['plots', 'kit', 'run', 'shell'];
/** @type {Record<string, string[]>} */
const webviewRooms = {
  plots: [],
  kit: ['plots'],
  shell: ['kit'],
  run: ['kit', 'plots', 'shell'],
  compare: shared,
  calculator: shared,
  training: shared,
  model: shared,
  report: ['kit', 'plots', 'run'],
  standalone: ['kit', 'plots', 'shell', 'calculator'],
};

/**
 * Of rooms within a room: each imports from itself and those that it names, and a new one is named.
 *
 * @param {string} of what the rules' names begin with @param {string} folder @param {Record<string, string[]>} within
 * @param {string} [knowsAll] an entry that may import from all
 */
const roomRules = (of, folder, within, knowsAll) => [
  ...Object.entries(within).map(([room, allowed]) => ({
    name: `${of}-${room}-imports-only-its-allowed-rooms`,
    severity: 'error',
    comment: `${folder}/${room} may import from itself${allowed.map((name) => `, ${of}/${name}`).join('')}.`,
    from: { path: `^${folder}/${room}/`, ...(knowsAll === undefined ? {} : { pathNot: knowsAll }) },
    to: { path: `^${folder}/`, pathNot: `^${folder}/(${[room, ...allowed].join('|')})/` },
  })),
  {
    name: `every-room-of-${of}-has-its-rule`,
    severity: 'error',
    comment: `A new room of ${folder} is named here.`,
    from: {},
    to: { path: `^${folder}/[^/]+/`, pathNot: `^${folder}/(${Object.keys(within).join('|')})/` },
  },
];

/** @param {string} name @param {string} packages @param {string} from @param {string} comment */
const onlyFrom = (name, packages, from, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: '^(src|webview)/', pathNot: from },
  to: { path: packages },
});

module.exports = {
  forbidden: [
    ...srcRules,
    ...roomRules('core', 'src/core', coreRooms),
    ...roomRules('engine', 'src/engine', engineRooms),
    ...roomRules('webview', 'webview', webviewRooms, '^webview/shell/main\\.tsx$'),
    {
      name: 'nobody-imports-the-entry',
      severity: 'error',
      comment: 'The shell’s entry picks the page; what pages share stands in a module of its own.',
      from: {},
      to: { path: '^webview/shell/(main\\.tsx|early\\.ts)$' },
    },
    {
      name: 'webview-imports-core-protocol-session',
      severity: 'error',
      comment: 'The webview talks to the engine and to the host by messages only.',
      from: { path: '^webview/' },
      to: { path: '^(src|test)/', pathNot: '^src/(core|protocol|session)/' },
    },
    {
      name: 'host-features-stand-alone',
      severity: 'error',
      comment: 'A page of the host knows panels, data and runs, and reaches other features by commands only.',
      from: { path: '^src/host/(compare|calculator|training|code)/' },
      to: { path: '^src/host/(compare|calculator|training|code)/', pathNot: '^src/host/$1/' },
    },
    {
      name: 'core-is-pure',
      severity: 'error',
      comment: 'The core may use pure libraries only: a schema library and a decompressor.',
      from: { path: '^src/core/' },
      to: { dependencyTypes: ['npm', 'npm-dev', 'core'], pathNot: 'node_modules/(valibot|fflate)/' },
    },
    {
      name: 'no-node-built-ins',
      severity: 'error',
      comment:
        'Only the terminal command and the compiler of the kernels may use Node: the host runs in a browser too.',
      from: { path: '^(src|webview)/', pathNot: '^src/cli/|^src/engine/kernels/wasm/compile[.]mjs$' },
      to: { dependencyTypes: ['core'] },
    },
    onlyFrom('tfjs-in-the-engine-only', 'node_modules/@tensorflow/', '^src/engine/', 'tfjs lives in the worker.'),
    onlyFrom(
      'toolkit-behind-one-module',
      'webview-ui-toolkit',
      '^webview/kit/toolkit\\.tsx?$',
      'Archived upstream: a swap must stay one file.',
    ),
    onlyFrom(
      'vega-behind-one-module',
      'node_modules/(vega|vega-lite|vega-embed|vega-interpreter)/',
      '^webview/plots/',
      'Vega is drawn in one place.',
    ),
    onlyFrom('parsers-in-one-room', 'node_modules/@lezer/', '^src/code/', "People's code is read in src/code."),
    onlyFrom('rpc-behind-one-module', 'node_modules/birpc/', '^src/protocol/', 'Messages go through the protocol.'),
    {
      name: 'vscode-by-value-in-the-host-only',
      severity: 'error',
      from: { path: '^(src|webview)/', pathNot: '^src/host/' },
      to: { path: '^vscode$' },
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-tests-in-the-product',
      severity: 'error',
      from: { path: '^(src|webview)/' },
      to: { path: '^test/' },
    },
    {
      name: 'not-resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^(vscode|\\./worker\\.js|\\./assembly/index\\.wasm)$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'browser', 'require', 'default', 'types'],
    },
  },
};
