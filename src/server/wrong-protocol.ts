import type { Socket } from 'node:net';
import type { Log } from './log.ts';
import { createPace } from './pace.ts';

interface Greeting {
  readonly protocol: string;
  readonly why: string;
  isIn(bytes: Buffer): boolean;
}

const startsWith = (text: string) => (bytes: Buffer) => bytes.subarray(0, text.length).toString('latin1') === text;
const notBuilt = (option: string) => `this port speaks HTTP, and what --${option} is for is not built yet`;

/** The first bytes of what people point at the HTTP port by mistake. */
const greetings: readonly Greeting[] = [
  {
    protocol: 'TLS',
    why: 'this port speaks plain HTTP: say http:// instead of https://, or open a port for it with --https-port',
    isIn: (bytes) => bytes[0] === 0x16 && bytes[1] === 0x03,
  },
  {
    protocol: 'HTTP/2',
    why: 'this port speaks HTTP/1.1: have the client not presume HTTP/2',
    isIn: startsWith('PRI * HTTP/2'),
  },
  { protocol: 'AMQP', why: notBuilt('amqp-port'), isIn: startsWith('AMQP') },
  { protocol: 'MQTT', why: notBuilt('mqtt-port'), isIn: (bytes) => bytes[0] === 0x10 && bytes.includes('MQTT') },
  {
    protocol: 'STOMP',
    why: notBuilt('stomp-port'),
    isIn: (bytes) => /^(CONNECT|STOMP)\r?\n/.test(bytes.subarray(0, 10).toString('latin1')),
  },
  {
    protocol: 'OpenWire',
    why: notBuilt('openwire-port'),
    isIn: (bytes) => bytes.subarray(0, 32).includes('ActiveMQ'),
  },
];

/**
 * Tells the log, once a minute for each protocol, who speaks another one to the HTTP port.
 * @returns what a client is told that would rather have been understood; undefined: no protocol that we know
 */
export function createWrongProtocolLog(
  log: Pick<Log, 'warn'>,
): (bytes: Buffer, socket: Pick<Socket, 'remoteAddress' | 'localPort'>) => string | undefined {
  const isDue = createPace({ now: () => performance.now() });
  return (bytes, { remoteAddress, localPort }) => {
    const greeting = greetings.find((one) => one.isIn(bytes));
    if (greeting === undefined) return undefined;
    const { protocol, why } = greeting;
    if (isDue(protocol)) log.warn('wrong-protocol', { protocol, why, port: localPort, remoteAddress });
    return why;
  };
}
