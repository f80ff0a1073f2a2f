/** What it brings no types for. */
declare module 'sns-validator' {
  export default class MessageValidator {
    /** @param hostPattern of SigningCertURL; default AWS's own hosts */
    constructor(hostPattern?: RegExp);
    validate(
      message: string | Readonly<Record<string, unknown>>,
      done: (error: Error | null, message?: Readonly<Record<string, unknown>>) => void,
    ): void;
  }
}
