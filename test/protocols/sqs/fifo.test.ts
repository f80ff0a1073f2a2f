import { fifoCases } from './cases/fifo.ts';
import { runCases } from './run-case.ts';

runCases(fifoCases);
