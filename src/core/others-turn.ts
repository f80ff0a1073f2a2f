/**
 * Ends once everything that is due has had its turn of the event loop: for long work that would keep the others waiting. It is
 * neither time nor the outside, so it need not be handed in; no other file of core imports it.
 */
export { setImmediate as othersTurn } from 'node:timers/promises';
