import { queueCases } from './cases/queues.ts';
import { runCases } from './run-case.ts';

runCases(queueCases);
