import { answerParent } from '../channel.ts';
import { Generator } from './generator.ts';
import type { LoadReply, LoadRequest } from './plan.ts';

const generator = new Generator();
answerParent<LoadRequest, LoadReply | undefined>((request) => generator.answer(request));
