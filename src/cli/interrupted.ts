import { GantryError } from '../model/errors.ts';

/** As a shell has it: 128 and the number of SIGINT. */
export const interruptedCode = 130;

/** Ctrl-C or Ctrl-D in place of an answer. */
export class Interrupted extends GantryError {
  constructor() {
    super('invalid-argument', 'nothing done');
  }
}
