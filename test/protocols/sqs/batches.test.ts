import { batchCases } from './cases/batches.ts';
import { runCases } from './run-case.ts';

runCases(batchCases);
