import { BlockList, isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import type { LinkBases } from '../../protocols/sns/sns.ts';
import type { Clock } from '../model/clock.ts';
import type { Config } from './config.ts';

export interface LinkBasesParts {
  readonly config: Pick<Config, 'publicUrl' | 'host'>;
  readonly clock: Pick<Clock, 'now'>;
  /** There are users. */
  hasUsers(): boolean;
  /** It listens beyond loopback. */
  isOpen(): boolean;
  /** By which this machine reaches the broker. */
  ownUrl(): string;
  /** The certificate of the HTTPS ports has this name. */
  isCertified(host: string): boolean;
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');
/** Names that lead to the machine itself wherever they are asked for. */
const ownNames = /^(?:(?:.+\.)?localhost|(?:.+\.)?localhost\.localstack\.cloud|host\.docker\.internal)$/;
/** Addresses of the machine and the certificate are not looked at for every message. */
const answerMs = 1_000;

/**
 * Whoever asks chooses the Host header, and links by it would stand in genuine mails and signed messages of others. So where
 * not everybody is trusted with everything, only names count that are known to be the broker's.
 */
export function createLinkBases(parts: LinkBasesParts): LinkBases {
  const { config, clock, hasUsers, isOpen, ownUrl, isCertified } = parts;
  let last = { asked: '', base: '', until: 0 };

  return {
    of(asked) {
      if (config.publicUrl !== undefined) return config.publicUrl;
      return isGuarded() ? knownOr(asked) : asked;
    },
    ofUnsigned(asked, kept) {
      if (config.publicUrl !== undefined) return config.publicUrl;
      return isGuarded() ? knownOr(kept ?? ownUrl()) : asked;
    },
  };

  function isGuarded(): boolean {
    return hasUsers() || isOpen();
  }

  function knownOr(asked: string): string {
    const now = clock.now();
    if (asked !== last.asked || now >= last.until || now < last.until - answerMs) {
      last = { asked, base: knownBase(asked) ?? ownUrl(), until: now + answerMs };
    }
    return last.base;
  }

  /** Without what else may stand in a Host header. */
  function knownBase(asked: string): string | undefined {
    if (!URL.canParse(asked)) return undefined;
    const { protocol, hostname: host, origin } = new URL(asked);
    const isKnown = /^https?:$/.test(protocol) && isKnownHost(host.replace(/^\[|\]$/g, '').replace(/\.$/, ''));
    return isKnown ? origin : undefined;
  }

  function isKnownHost(host: string): boolean {
    const version = isIP(host);
    if (config.host.some((named) => named.toLowerCase() === host) || isCertified(host)) return true;
    if (version !== 0) return loopback.check(host, version === 6 ? 'ipv6' : 'ipv4') || isOfMachine(host);
    if (ownNames.test(host) || host === hostname().toLowerCase()) return true;
    // Containers call each other by such names, and nobody outside can own one.
    return !hasUsers() && !host.includes('.');
  }
}

function isOfMachine(address: string): boolean {
  return Object.values(networkInterfaces()).some((all) => all?.some((each) => each.address === address));
}
