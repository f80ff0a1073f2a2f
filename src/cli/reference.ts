import { optionName, options, variableName } from '../server/options.ts';
import { brokerOptions, type CommandRow, type OptionRow, outputOption } from './command.ts';
import { commands } from './commands.ts';

/** The page docs/cli.md: every command of the table, so that what is written is what the program says. */
export function referenceText(): string {
  const shared = (rows: readonly OptionRow[]): string => rows.map(optionLine).join('\n');
  return `# The program

Made from the table of commands by \`npm run docs\`; \`gantry help <command>\` says the same.

All but \`serve\`, \`check-config\` and \`health\` ask a running broker over its admin API. Which one, and as whom:

${shared(brokerOptions)}

Where a command prints data, \`-o json\` is what the admin API answers, \`-o name\` a word a line for other commands, and \`-o table\`, the
default, for the eye. What is said to people goes to standard error, so that a pipe gets data alone.

Exit codes: 0 done, 1 failed, 2 a mistake in what was typed, 3 no broker answers, 4 there is no such thing, 5 denied.

${commands.map(sectionOf).join('\n')}
## Options of the broker

For \`serve\`, \`check-config\` and \`health\`; as flags, as variables, and, without the dashes, as keys of \`gantry.yaml\`.

| flag | variable | what | default |
|---|---|---|---|
${optionRows()}
`;
}

function sectionOf(row: CommandRow): string {
  const own = [...(row.options ?? []), ...(row.isPrinting === true ? [outputOption] : [])];
  const usage = ['gantry', row.name, ...(own.length > 0 ? ['[options]'] : []), ...(row.args ?? [])].join(' ');
  const flags = own.length === 0 ? '' : `\n${own.map(optionLine).join('\n')}\n`;
  return `## gantry ${row.name}

\`${usage}\`: ${row.summary}.
${flags}
\`\`\`sh
${row.examples.join('\n')}
\`\`\`
`;
}

function optionLine({ flags, help }: OptionRow): string {
  return `- \`${flags}\`: ${help}`;
}

function optionRows(): string {
  return Object.entries(options)
    .map(([key, { placeholder, help, defaultText }]) => {
      const value = placeholder === undefined ? '' : ` <${placeholder}>`;
      return `| \`--${optionName(key)}${value}\` | \`${variableName(key)}\` | ${help} | ${defaultText} |`.replaceAll(
        '  ',
        ' ',
      );
    })
    .join('\n');
}
