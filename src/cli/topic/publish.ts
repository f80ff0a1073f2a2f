import { GantryError } from '../../model/errors.ts';
import { type CommandInput, flag } from '../command.ts';
import { sendAll } from '../message/send.ts';
import { topicPath } from './views.ts';

/** Bodies come from where `gantry send` has them from. */
export async function publishMessages(input: CommandInput): Promise<number> {
  const [name = ''] = input.args;
  const subject = flag(input, 'subject');
  return sendAll(input, {
    ...{ path: `${topicPath(name)}/messages`, name, verb: 'published' },
    toBody: (message) => {
      if (message.isBase64 === true) throw new GantryError('invalid-argument', 'a topic takes text, and this is none');
      return subject === undefined ? message : { ...message, subject };
    },
  });
}
