const introduction = `# Configuration

<!-- Made by \`npm run generate\` from src/server/options.ts: change it there. -->

Every option is a flag, an environment variable and a key of \`gantry.yaml\` (or of the file that \`--config\` names). A flag beats the
environment, which beats the file, which beats the default. A name that is not known, and a value that is none, end the start with one line that
says where it stands and what was probably meant. \`gantry check-config\` shows what the options come to and where each comes from.

- Each variable has a form for secrets: \`GANTRY_DATA_DIR_FILE=/run/secrets/x\` takes the content of that file, without its last newline. Both
  forms of one variable at once are a mistake. (\`GANTRY_CONFIG\` names a file already and has none.)
- Sizes are bytes, or \`64KiB\`, \`64MiB\`, \`1GiB\`, \`64m\`. Times are milliseconds, or \`30s\`, \`5m\`, \`1h\`. Switches take \`true\` and \`false\`,
  \`yes\` and \`no\`, \`on\` and \`off\`, \`1\` and \`0\`; as a flag, their name alone is enough.
- A list is written with commas, or as a list of the file: \`http-port: [4566, 9324]\`.
- Editors that know JSON Schema complete and check the file when its first line is \`# yaml-language-server: $schema=gantry.schema.json\`.
  That file is [gantry.schema.json](gantry.schema.json), and \`gantry check-config --schema\` prints it.
- SIGHUP has the file, and the files of \`_FILE\` variables, read again. What is *live* below changes in the running broker; the log says
  what did (\`reloaded\`), and what waits for a restart (\`reload-needs-restart\`). A file with a mistake changes nothing (\`reload-failed\`).

The file also holds \`users\` ([security](security.md)) and \`queues\` ([definitions](definitions.md)).
`;

/** docs/configuration.md, from the option table. */
export function configurationPage({ options, optionGroups, optionName, variableName }) {
  const sections = optionGroups().map(({ title, keys }) => {
    const rows = keys.map((key) => rowOf(options[key], optionName(key), variableName(key)));
    return `\n## ${title}\n\n| option | what it does | expected | default | live |\n|---|---|---|---|---|\n${rows.join('\n')}\n`;
  });
  return introduction + sections.join('');
}

function rowOf(option, name, variable) {
  const forms = [`--${name}`, variable, ...(option.isOutsideFile ? [] : [`${name}:`])];
  const cells = [
    forms.map((form) => `\`${form}\``).join('<br>'),
    option.help,
    option.isList ? `${option.expected}; a list` : option.expected,
    option.defaultText === '' ? (option.placeholder === undefined ? '`false`' : 'none') : `\`${option.defaultText}\``,
    option.isLive ? 'yes' : 'restart',
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
