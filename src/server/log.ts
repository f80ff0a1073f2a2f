/**
 * One event name and fields a line, never a body, key, password or token. error: someone must act; warn: someone will
 * have to; info: life cycle; debug: a message's steps.
 */
export interface Log {
  fatal(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  debug(event: string, fields?: LogFields): void;
}
/** The one that the server makes. */
export interface ServerLog extends Log {
  setLevel(level: LogLevel): void;
}
type LogFields = Readonly<Record<string, unknown>>;
export type LogLevel = 'error' | 'warn' | 'info' | 'debug' | 'off';

/** JSON lines to standard error, or short readable ones when that is a terminal. */
export async function createLog(level: LogLevel, isTerminal = process.stderr.isTTY === true): Promise<ServerLog> {
  if (level === 'off') return createSilentLog(isTerminal);
  // Imported here, while the store's thread starts: pino takes longer to load than the broker's own code.
  const { pino } = await import('pino');
  const destination = pino.destination({ dest: 2, sync: true }); // The line about a crash must be out before the exit.
  // A reader that went away (a closed pipe) takes the log, not the broker.
  destination.on('error', () => undefined);
  const logger = pino(
    {
      level: pinoLevel(level),
      base: null,
      messageKey: 'event',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: pino.stdSerializers.err },
    },
    isTerminal ? readableStream(destination) : destination,
  );
  const line =
    (level: keyof Log) =>
    (event: string, fields: LogFields = {}): void =>
      logger[level](fields, event);
  return {
    ...{ fatal: line('fatal'), error: line('error'), warn: line('warn'), info: line('info'), debug: line('debug') },
    setLevel: (next) => {
      logger.level = pinoLevel(next);
    },
  };
}

function pinoLevel(level: LogLevel): string {
  return level === 'off' ? 'silent' : level;
}

/** Has no logger, which takes longer to load than the broker's own code, until a reload wants it to speak. */
function createSilentLog(isTerminal: boolean): ServerLog {
  let level: LogLevel = 'off';
  let speaking: ServerLog | undefined;
  const line =
    (kind: keyof Log) =>
    (event: string, fields?: LogFields): void =>
      speaking?.[kind](event, fields);
  return {
    ...{ fatal: line('fatal'), error: line('error'), warn: line('warn'), info: line('info'), debug: line('debug') },
    setLevel: (next) => {
      level = next;
      if (speaking !== undefined || next === 'off') speaking?.setLevel(next);
      else
        void createLog(next, isTerminal).then((made) => {
          speaking ??= made;
          speaking.setLevel(level);
        });
    },
  };
}

function readableStream(destination: { write(text: string): unknown }): { write(line: string): void } {
  return { write: (line) => void destination.write(readable(line)) };
}

/** `12:03:04.512 warn  store-full why="no space left"`, and a stack below it. */
export function readable(line: string): string {
  const { time, level, event, error, ...fields }: Record<string, unknown> = JSON.parse(line);
  const parts = Object.entries(fields).map(([name, value]) => `${name}=${readableValue(value)}`);
  const clockTime = String(time).slice(11, 23);
  const stack = typeof error === 'object' && error !== null && 'stack' in error ? `\n${String(error.stack)}` : '';
  return `${[clockTime, String(level).padEnd(5), String(event), ...parts].join(' ')}${stack}\n`;
}

function readableValue(value: unknown): string {
  return typeof value === 'string' && /^[\w.:/@-]+$/.test(value) ? value : JSON.stringify(value);
}
