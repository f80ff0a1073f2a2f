import { answerParent } from '../../src/cli/bench/channel.ts';
import { EngineHost } from './host.ts';
import type { EngineReply, EngineRequest } from './plan.ts';

const host = new EngineHost();
answerParent<EngineRequest, EngineReply | undefined>((request) => host.answer(request));
