import { deadLetterCases } from './cases/dead-letter.ts';
import { runCases } from './run-case.ts';

runCases(deadLetterCases);
