import { createQueueCases } from './cases/create-queue.ts';
import { runCases } from './run-case.ts';

runCases(createQueueCases);
