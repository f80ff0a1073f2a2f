import { sendMessageCases } from './cases/send-message.ts';
import { runCases } from './run-case.ts';

runCases(sendMessageCases);
