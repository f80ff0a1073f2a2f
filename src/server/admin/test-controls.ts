import * as v from 'valibot';
import { GantryError } from '../../model/errors.ts';
import type { TestControls } from '../test-controls.ts';
import { type AdminCall, created, done, ok, operation } from './operation.ts';

/** What tests do to a broker; there with `--test-endpoints` alone. */
export const testOperations = [
  operation({
    method: 'POST',
    path: '/reset',
    summary: 'for tests: drop every queue with everything in it, and every fault; users stay',
    permission: 'admin',
    answers: { 204: 'no queue is left' },
    handle: async (call) => {
      await controlsOf(call).reset();
      return done;
    },
  }),
  operation({
    method: 'POST',
    path: '/time/advance',
    summary: 'for tests: move the clock on by so many milliseconds',
    permission: 'admin',
    body: v.strictObject({ ms: v.pipe(v.number(), v.description('milliseconds')) }),
    answers: { 200: '{now: the time that it is, ISO 8601}', 400: 'not whole, or back' },
    handle: async (call) => {
      await controlsOf(call).advance(call.body.ms);
      return ok({ now: new Date(call.parts.clock.now()).toISOString() });
    },
  }),
  operation({
    method: 'GET',
    path: '/faults',
    summary: 'for tests: the rules by which requests go wrong',
    permission: 'admin',
    answers: { 200: '{faults: [...]}, in the order in which they are asked' },
    handle: async (call) => ok({ faults: controlsOf(call).faults.list() }),
  }),
  operation({
    method: 'POST',
    path: '/faults',
    summary:
      'for tests: let requests go wrong: {action, kind: delay | error | drop, queue?, rate?, count?, when?, ...}',
    permission: 'admin',
    // Judged by the rule's own reader, which the library has as well.
    body: v.looseObject({ action: v.string(), kind: v.picklist(['delay', 'error', 'drop']) }),
    answers: { 201: '{id}', 400: 'no rule; the text says why' },
    handle: async (call) => created({ id: controlsOf(call).faults.addWritten(call.body) }),
  }),
  operation({
    method: 'DELETE',
    path: '/faults',
    summary: 'for tests: take every rule away',
    permission: 'admin',
    answers: { 204: 'no request goes wrong any more' },
    handle: async (call) => {
      controlsOf(call).faults.clear();
      return done;
    },
  }),
  operation({
    method: 'DELETE',
    path: '/faults/{id}',
    summary: 'for tests: take one rule away',
    permission: 'admin',
    answers: { 204: 'it is gone', 404: 'there is none of that id' },
    handle: async (call) => {
      const { id = '' } = call.params;
      if (controlsOf(call).faults.clear(id) === 0) throw new GantryError('not-found', `there is no fault "${id}"`);
      return done;
    },
  }),
];

/** @throws GantryError `not-found` */
function controlsOf({ parts }: Pick<AdminCall<unknown, unknown>, 'parts'>): TestControls {
  const { controls, config } = parts;
  if (controls !== undefined && config.testEndpoints) return controls;
  const hint = 'Start the broker with --test-endpoints, or with GANTRY_TEST_ENDPOINTS=1.';
  throw new GantryError('not-found', 'this broker is not for tests', { hint });
}
