import { AwsFailure, awsExitCodes, usage } from './failure.ts';
import type { Collected } from './pages.ts';
import type { Answer } from './request.ts';
import { isRecord } from './text-form.ts';

/** How an answer is to be shown. */
export interface View {
  readonly output: 'json' | 'text' | 'table';
  /** `--query`, ready to be asked. */
  readonly query: ((value: unknown) => unknown) | undefined;
  /** Columns of the terminal. */
  readonly widthMax: number;
}

const outputs = ['json', 'text', 'table'] as const;

/** @throws AwsFailure */
export async function viewOf(output: string, query: string | undefined, widthMax: number): Promise<View> {
  const known = outputs.find((each) => each === output);
  if (known === undefined)
    throw usage(`argument --output: Invalid choice "${output}", choose from ${outputs.join(', ')}`);
  return { output: known, query: query === undefined ? undefined : await readQuery(query), widthMax };
}

async function readQuery(text: string): Promise<(value: unknown) => unknown> {
  const { default: jmespath } = await import('jmespath');
  const search = (value: unknown): unknown => {
    try {
      return jmespath.search(value, text);
    } catch (error) {
      const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
      const isMistyped = name === 'ParserError' || name === 'LexerError';
      const exitCode = isMistyped ? awsExitCodes.usage : awsExitCodes.failed;
      throw new AwsFailure(exitCode, `Bad value for --query ${text}: ${message}`);
    }
  };
  failIfMistyped(search);
  return search;
}

/** Before anything is sent; that nothing is there to be searched yet is no mistake. */
function failIfMistyped(search: (value: unknown) => unknown): void {
  try {
    search({});
  } catch (error) {
    if (error instanceof AwsFailure && error.exitCode === awsExitCodes.usage) throw error;
  }
}

/** @returns what is printed for an answer in one piece */
export async function shown({ output, query, widthMax }: View, operation: string, answer: Answer): Promise<string> {
  const value: unknown = query === undefined ? answer : query(answer);
  if (output === 'text') return (await import('./text-form.ts')).textForm(value);
  if (output === 'table') return (await import('./table-form.ts')).tableForm(operation, value, widthMax);
  const isEmpty = isRecord(value) && Object.keys(value).length === 0;
  return isEmpty ? '' : `${JSON.stringify(value, undefined, 4)}\n`;
}

/** @returns the same for pages: text is written page by page, the query asked of each, as the AWS CLI does it */
export async function shownPages(
  view: View,
  operation: string,
  { list, pages, resumeToken }: Collected,
): Promise<string> {
  const rest = resumeToken === undefined ? {} : { NextToken: resumeToken };
  if (view.output === 'text') {
    const parts = pages.map((page) => ({ [list]: page ?? null }));
    const last = resumeToken === undefined ? [] : [{ NextToken: rest }];
    const texts = await Promise.all([...parts, ...last].map((part) => shown(view, operation, part)));
    return texts.join('');
  }
  const found = pages.filter((page) => page !== undefined);
  return shown(view, operation, { ...(found.length > 0 && { [list]: found.flat() }), ...rest });
}
