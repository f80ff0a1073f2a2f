import { subscribe } from '../handlers/subscribe.ts';
import { row } from './row.ts';

export const subscriptionRows = [row('Subscribe', subscribe)];
