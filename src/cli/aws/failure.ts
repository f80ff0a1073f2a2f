/** What the AWS CLI (version 2) ends with; scripts rely on them. */
export const awsExitCodes = { ok: 0, usage: 252, refused: 254, failed: 255 } as const;

/** Ends the run: its text on standard error behind an empty line, as the AWS CLI does it, and its code. */
export class AwsFailure extends Error {
  readonly exitCode: number;

  constructor(exitCode: number, message: string) {
    super(message);
    this.name = 'AwsFailure';
    this.exitCode = exitCode;
  }
}

/** A mistake in what was typed. */
export function usage(text: string): AwsFailure {
  return new AwsFailure(awsExitCodes.usage, `aws: error: ${text}`);
}
