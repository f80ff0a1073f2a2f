import { answerParent } from '../../src/cli/bench/channel.ts';
import { type SteadyReply, type SteadyRequest, SteadySender } from './steady-sender.ts';

const sender = new SteadySender();
answerParent<SteadyRequest, SteadyReply | undefined>((request) => sender.answer(request));
