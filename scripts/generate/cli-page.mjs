const introduction = (brokerOptions) => `# The program

<!-- Made by \`npm run generate\` from the table of commands, src/cli/commands.ts: change it there. -->

\`gantry help <command>\` says the same. What asks a running broker does so over its admin API. Which one, and as whom:

${brokerOptions.map(optionLine).join('\n')}

Where a command prints data, \`-o json\` is what the admin API answers, \`-o name\` a word a line for other commands, and \`-o table\`, the
default, is for the eye. What is said to people goes to standard error, so that a pipe gets data alone.

Exit codes: 0 done, 1 failed, 2 a mistake in what was typed, 3 no broker answers, 4 there is no such thing, 5 denied.

What \`serve\`, \`check-config\` and others take as options of the broker is on a page of its own: [configuration.md](configuration.md).
`;

/** docs/cli.md, from the table of commands. */
export function cliPage({ commands }, { brokerOptions, outputOption }) {
  return introduction(brokerOptions) + commands.map((row) => sectionOf(row, outputOption)).join('');
}

function sectionOf({ name, args = [], summary, options = [], isPrinting, examples }, outputOption) {
  const own = isPrinting === true ? [...options, outputOption] : options;
  const usage = ['gantry', name, ...(own.length > 0 ? ['[options]'] : []), ...args].join(' ');
  const flags = own.length === 0 ? '' : `\n${own.map(optionLine).join('\n')}\n`;
  return `\n## gantry ${name}\n\n\`${usage}\`: ${summary}.\n${flags}\n\`\`\`sh\n${examples.join('\n')}\n\`\`\`\n`;
}

function optionLine({ flags, help }) {
  return `- \`${flags}\`: ${help}`;
}
