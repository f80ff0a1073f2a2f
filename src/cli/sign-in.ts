import { GantryError } from '../model/errors.ts';

/** A broker says of no sign-in what was wrong with it; what was sent says more. */
export function signInRefusal(user: string | undefined, endpoint: string): GantryError {
  if (user === undefined)
    return new GantryError('unauthenticated', `${endpoint} has users and asks who you are`, {
      hint: 'say --user and GANTRY_PASSWORD: name and password of a user, or id and secret of an access key',
    });
  if (process.env.GANTRY_PASSWORD === undefined && process.stdin.isTTY !== true)
    return new GantryError('unauthenticated', `${endpoint} asks for the password of ${user}`, {
      hint: 'set GANTRY_PASSWORD',
    });
  return new GantryError('unauthenticated', `the password of ${user} is wrong, or ${endpoint} knows no such user`);
}
