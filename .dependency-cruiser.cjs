// The arrows: cli -> server -> protocols/* -> security -> core -> storage/store.ts <- storage/sqlite;
// src/model and src/filter are leaves. `scripts/check/plants.mjs` holds a violation of each rule, which must be found.
const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

const engines = '^storage/(sqlite|postgres|contract)/';
const testing = '^(test|bench)/';
// Built-ins that neither wait, read, nor know the time; core and model get everything else handed in.
// crypto is for digests: randomness comes in through Random, and the linter denies the global.
const pureBuiltins = '^(node:)?(assert|buffer|crypto|string_decoder|util)($|/)';

module.exports = {
  forbidden: [
    rule('no-cycles', 'two files that need each other are one', {}, { circular: true }),
    rule('resolvable', 'an import that is not found hides every other violation', {}, { couldNotResolve: true }),
    rule('model-is-a-leaf', 'src/model imports nothing', { path: '^src/model/' }, { pathNot: '^src/model/' }),
    rule(
      'filter-knows-model',
      'src/filter imports only src/model',
      { path: '^src/filter/' },
      { pathNot: '^src/(filter|model)/' },
    ),
    rule(
      'core-looks-inwards',
      'core knows no socket, no SQL, no protocol',
      { path: '^src/core/' },
      {
        path: `^(protocols|console)/|^src/(server|cli|security|functions)/|${engines}|${testing}`,
      },
    ),
    rule(
      'core-does-no-io',
      'sockets, files, timers and randomness are handed in',
      { path: '^src/core/', pathNot: '^src/core/others-turn\\.ts$' },
      {
        dependencyTypes: ['core'],
        pathNot: pureBuiltins,
      },
    ),
    rule(
      'security-below-protocols',
      'security answers, it does not ask',
      { path: '^src/security/' },
      {
        path: `^(protocols|console)/|^src/(server|cli|functions)/|${engines}|${testing}`,
      },
    ),
    rule(
      'functions-below-protocols',
      'the Runtime API is spoken to, it speaks to nobody',
      { path: '^src/functions/' },
      {
        path: `^(protocols|console)/|^src/(server|cli)/|${engines}|${testing}`,
      },
    ),
    rule(
      'functions-callers',
      'functions are for lambda and the composition root',
      {
        pathNot: '^src/(functions|server)/|^protocols/lambda/|^(test|bench)/',
      },
      { path: '^src/functions/' },
    ),
    rule(
      'protocols-below-server',
      'an adapter is handed what it needs',
      { path: '^protocols/' },
      {
        path: `^src/(server|cli)/|${engines}|${testing}`,
      },
    ),
    rule(
      'protocols-apart',
      'adapters meet in core; only protocols/aws is shared',
      { path: '^protocols/([^/]+)/' },
      {
        path: '^protocols/',
        pathNot: '^protocols/($1|aws)/',
      },
    ),
    rule(
      'server-below-cli',
      'the composition root does not know who starts it',
      { path: '^src/server/' },
      {
        path: `^src/(cli|library)/|^src/index\\.ts$|^storage/contract/|${testing}`,
      },
    ),
    rule(
      'cli-above-server',
      'the command line and the library talk to the server, never to the file',
      { path: '^src/(cli|library)/' },
      {
        path: `${engines}|${testing}`,
      },
    ),
    rule(
      'store-is-types',
      'the contract rests on the leaves alone',
      { path: '^storage/store\\.ts$' },
      {
        pathNot: '^src/(model|filter)/',
      },
    ),
    rule(
      'sqlite-knows-the-contract',
      'an engine knows the contract, the leaves and its library',
      { path: '^storage/sqlite/' },
      {
        dependencyTypesNot: ['core'],
        pathNot: '^storage/(sqlite/|store\\.ts$)|^src/(model|filter)/|node_modules/(@types/)?better-sqlite3/',
      },
    ),
    rule(
      'engines-are-wired-once',
      'only the composition root opens an engine',
      {
        pathNot: '^storage/sqlite/|^src/server/|^(test|bench)/',
      },
      { path: '^storage/sqlite/' },
    ),
    rule(
      'contract-judges-any-engine',
      'the suite knows the contract alone',
      { path: '^storage/contract/' },
      {
        path: `^(src|protocols|storage|test|bench)/`,
        pathNot: '^storage/(contract/|store\\.ts$)|^src/(model|filter)/|^test/support/',
      },
    ),
    rule(
      'product-without-dev-tools',
      'what users run needs no development dependency',
      {
        path: '^(src|protocols|storage)/',
        pathNot: '^storage/contract/',
      },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: 'node_modules/@types/' },
    ),
  ],
  options: {
    tsPreCompilationDeps: true, // A type is an arrow too.
    tsConfig: { fileName: 'tsconfig.json' },
    preserveSymlinks: true, // The planted copy has a linked node_modules.
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    enhancedResolveOptions: { conditionNames: ['import', 'node', 'types'] },
  },
};
