import { receiveMessageCases } from './cases/receive-message.ts';
import { runCases } from './run-case.ts';

runCases(receiveMessageCases);
