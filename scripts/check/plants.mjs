// One violation of each rule, and beside them imports that must pass: a checker that finds nothing is no checker.

/** What the planted imports point at. */
export const targets = [
  'src/model/planted-target.ts',
  'src/core/planted-target.ts',
  'src/server/planted-target.ts',
  'src/cli/planted-target.ts',
  'src/functions/planted-target.ts',
  'protocols/aws/planted-target.ts',
  'protocols/mqtt/planted-target.ts',
  'storage/sqlite/planted-target.ts',
  'test/support/planted-target.ts',
];

const arrow = (rule, folder, to) => ({ rule, file: `${folder}/planted-${rule}.ts`, text: `import '${to}';\n` });

/** dependency-cruiser must report `rule` for `file`, a circle for either half. Every rule of its configuration needs a row. */
export const arrowPlants = [
  {
    ...arrow('no-cycles', 'src/server', './planted-no-cycles-back.ts'),
    reportedFor: /^src\/server\/planted-no-cycles/,
  },
  arrow('resolvable', 'src/server', './no-such-file.ts'),
  arrow('model-is-a-leaf', 'src/model', 'node:path'),
  arrow('filter-knows-model', 'src/filter', '../core/planted-target.ts'),
  arrow('core-looks-inwards', 'src/core', '../../storage/sqlite/planted-target.ts'),
  arrow('core-does-no-io', 'src/core', 'node:fs'),
  // A type is an arrow too, and types are seen by another part of dependency-cruiser.
  {
    rule: 'core-looks-inwards',
    file: 'src/core/planted-type.ts',
    text: "import type { Server } from '../server/planted-target.ts';\n\nexport type Planted = Server;\n",
  },
  arrow('security-below-protocols', 'src/security', '../../protocols/mqtt/planted-target.ts'),
  arrow('functions-below-protocols', 'src/functions', '../server/planted-target.ts'),
  arrow('functions-callers', 'protocols/mqtt', '../../src/functions/planted-target.ts'),
  arrow('protocols-below-server', 'protocols/mqtt', '../../src/server/planted-target.ts'),
  arrow('protocols-apart', 'protocols/sqs', '../mqtt/planted-target.ts'),
  arrow('server-below-cli', 'src/server', '../cli/planted-target.ts'),
  arrow('cli-above-server', 'src/cli', '../../storage/sqlite/planted-target.ts'),
  {
    rule: 'store-is-types',
    file: 'storage/store.ts',
    text: "import '../src/core/planted-target.ts';\n",
  },
  arrow('sqlite-knows-the-contract', 'storage/sqlite', '../../src/core/planted-target.ts'),
  arrow('engines-are-wired-once', 'protocols/mqtt', '../../storage/sqlite/planted-target.ts'),
  arrow('contract-judges-any-engine', 'storage/contract', '../sqlite/planted-target.ts'),
  arrow('product-without-dev-tools', 'src/server', 'vitest'),
];

/** The other half of the planted circle. */
export const companions = [
  { file: 'src/server/planted-no-cycles-back.ts', text: "import './planted-no-cycles.ts';\n" },
];

/** None of these may be reported. */
export const arrowControls = [
  { file: 'src/core/planted-control.ts', text: "import 'node:util';\nimport '../model/planted-target.ts';\n" },
  { file: 'protocols/sqs/planted-control.ts', text: "import '../aws/planted-target.ts';\n" },
  { file: 'protocols/lambda/planted-control.ts', text: "import '../../src/functions/planted-target.ts';\n" },
  { file: 'storage/sqlite/planted-control.ts', text: "import 'node:fs';\nimport 'better-sqlite3';\n" },
  { file: 'src/server/planted-control.ts', text: "import '../../storage/sqlite/planted-target.ts';\n" },
  { file: 'test/core/planted-control.ts', text: "import '../../storage/sqlite/planted-target.ts';\n" },
];

const lint = (rule, text, name = `planted-${rule.split('/').at(-1).toLowerCase()}`) => ({
  rule,
  file: `src/server/${name}.ts`,
  text,
});

/** biome must report `rule` for `file`. */
export const lintPlants = [
  lint('lint/nursery/noFloatingPromises', 'const later = async (): Promise<void> => {};\nlater();\n'),
  lint('lint/nursery/noMisusedPromises', 'const isSo = async (): Promise<boolean> => true;\nif (isSo()) isSo;\n'),
  lint(
    'lint/nursery/useExhaustiveSwitchCases',
    "export function letter(name: 'a' | 'b'): number {\n  switch (name) {\n    case 'a':\n      return 1;\n  }\n  return 0;\n}\n",
  ),
  lint('lint/suspicious/noExplicitAny', 'export const value: any = 1;\n'),
  lint('lint/style/noNonNullAssertion', 'export const first = (list: string[]) => list[0]!.length;\n'),
  lint('lint/style/useImportType', "import { Stats } from 'node:fs';\nexport const size = (of: Stats) => of.size;\n"),
  lint('lint/style/useFilenamingConvention', 'export const value = 1;\n', 'plantedCamelCase'),
  { rule: 'lint/suspicious/noImportCycles', file: 'src/server/planted-no-cycles.ts' },
  lint('format', 'export const value = "double";\n', 'planted-format'),
];

/** Where neither clock nor randomness may be reached, and what is denied there. */
export const pureFolders = ['src/core', 'src/model', 'src/filter', 'protocols/mqtt'];
export const deniedGlobals = [
  'Date',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'performance',
  'crypto',
  'process',
  'globalThis',
];
export const impureText = `${deniedGlobals.map((name) => `export const use${name} = () => ${name};\n`).join('')}export const roll = () => Math.random();\n`;

/** knip must report both. */
export const deadPlants = [
  { kind: 'files', file: 'src/server/planted-dead-file.ts', text: 'export const value = 1;\n' },
  {
    kind: 'exports',
    file: 'test/support/planted-dead-export.ts',
    text: 'export const used = 1;\nexport const unused = 2;\n',
  },
  {
    file: 'test/house/planted-user.test.ts',
    text: "import { used } from '../support/planted-dead-export.ts';\n\nused.toFixed();\n",
  },
];
