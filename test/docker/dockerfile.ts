import { readPage } from '../docs/pages.ts';

export interface Instruction {
  /** In capitals: `COPY`. */
  readonly word: string;
  /** `--from=build` -> from: build. */
  readonly flags: Readonly<Record<string, string>>;
  /** What is left of it, in one line. */
  readonly text: string;
}
export interface Stage {
  readonly base: string;
  readonly name: string | undefined;
  readonly instructions: readonly Instruction[];
}
export interface RunStage {
  readonly environment: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: readonly number[];
  readonly volumes: readonly string[];
  readonly workFolder: string;
  readonly user: string;
  readonly command: readonly string[];
  readonly healthCommand: readonly string[];
}

/** The Dockerfile as the tests need it: stages of instructions, comments and line ends taken away. */
export async function readDockerfile(): Promise<readonly Stage[]> {
  return parseDockerfile(await readPage('docker/Dockerfile'));
}

/** @throws Error for what stands before the first FROM */
export function parseDockerfile(text: string): readonly Stage[] {
  const lines = text.split('\n').filter((line) => !/^\s*#/.test(line));
  const whole = lines.join('\n').replaceAll(/\\\n\s*/g, '');
  const stages: (Omit<Stage, 'instructions'> & { readonly instructions: Instruction[] })[] = [];
  for (const line of whole.split('\n').filter((one) => one.trim() !== '')) {
    const instruction = parseInstruction(line);
    if (instruction.word === 'FROM') {
      const [base = '', , name] = instruction.text.split(/\s+/);
      stages.push({ base, name, instructions: [] });
    } else if (stages.length === 0) throw new Error(`before the first FROM: ${line}`);
    else stages.at(-1)?.instructions.push(instruction);
  }
  return stages;
}

function parseInstruction(line: string): Instruction {
  const [, word = '', flagsText = '', text = ''] = /^(\w+)\s+((?:--[\w-]+=\S+\s+)*)(.*)$/.exec(line.trim()) ?? [];
  const flags = [...flagsText.matchAll(/--([\w-]+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]);
  return { word: word.toUpperCase(), flags: Object.fromEntries(flags), text };
}

/** What the instructions of a stage come to; the last of a kind wins, as a container engine has it. */
export function settle({ instructions }: Stage): RunStage {
  const texts = (word: string): readonly string[] =>
    instructions.filter((one) => one.word === word).map(({ text }) => text);
  const last = (word: string): string => texts(word).at(-1) ?? '';
  return {
    environment: pairs(texts('ENV')),
    labels: pairs(texts('LABEL')),
    ports: texts('EXPOSE')
      .flatMap((text) => text.split(/\s+/))
      .map(Number),
    volumes: texts('VOLUME'),
    workFolder: last('WORKDIR'),
    user: last('USER'),
    command: [...execForm(last('ENTRYPOINT')), ...execForm(last('CMD'))],
    healthCommand: execForm(last('HEALTHCHECK').replace(/^.*?CMD\s+/, '')),
  };
}

/** `A=b C="d e"` */
function pairs(texts: readonly string[]): Readonly<Record<string, string>> {
  const found = texts.flatMap((text) => [...text.matchAll(/([\w.]+)=(?:"([^"]*)"|(\S+))/g)]);
  return Object.fromEntries(found.map(([, name = '', quoted, plain]) => [name, quoted ?? plain ?? '']));
}

/** @throws SyntaxError for the form that needs a shell: it would take the signals in the broker's place */
export function execForm(text: string): readonly string[] {
  if (text === '') return [];
  const words: unknown = JSON.parse(text);
  return Array.isArray(words) ? words.map(String) : [];
}
