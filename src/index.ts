/** What `import ... from 'gantry'` gives. docs/library.md shows it in use. */
export type { Gantry } from './library/gantry.ts';
export type { AccessKeyOptions, GantryOptions, UserOptions } from './library/options.ts';
export { startGantry } from './library/start-gantry.ts';
export type { ErrorCode } from './model/errors.ts';
export { GantryError } from './model/errors.ts';
export type { Faults, ListedFault } from './server/faults/faults.ts';
export type { FaultRule } from './server/faults/rule.ts';
