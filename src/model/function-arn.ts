/** What an ARN of a Lambda function says of it besides whose it is. */
export interface FunctionName {
  readonly name: string;
  /** A version or an alias. */
  readonly qualifier: string | undefined;
}

/** [Lambda API, Invoke, FunctionName and Qualifier]: nothing that means anything in the path of a URL. */
const functionArn =
  /^arn:aws(?:-[a-z]+)*:lambda:[a-z0-9-]{1,64}:\d{12}:function:([A-Za-z0-9_-]{1,140})(?::(\$LATEST|[A-Za-z0-9_-]{1,128}))?$/;

/** @returns undefined: it names no function */
export function functionOfArn(arn: string): FunctionName | undefined {
  const [, name, qualifier] = functionArn.exec(arn) ?? [];
  return name === undefined ? undefined : { name, qualifier };
}
