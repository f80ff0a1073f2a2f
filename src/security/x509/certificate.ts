/**
 * Makes the certificates that Gantry needs for itself, and no others: a development authority, a server below it, and the
 * one that SNS messages are signed with. docs/decisions/0006 says why by hand.
 */
import { createHash, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { isIP } from 'node:net';
import * as der from './der.ts';

export interface CertificateRequest {
  /** authority: signs others; server: for TLS; signer: for what is no connection. */
  readonly kind: 'authority' | 'server' | 'signer';
  readonly commonName: string;
  /** Host names (`*.some.example` too) and addresses that it stands for. */
  readonly names: readonly string[];
  readonly publicKey: KeyObject;
  /** Who signs it; the same name and key for one that signs itself. */
  readonly issuer: { readonly commonName: string; readonly privateKey: KeyObject };
  readonly validFrom: number;
  readonly validUntil: number;
  /** 16 random bytes; no two of one issuer are alike. */
  readonly serial: Uint8Array;
}

/** X.509 version 3, as RFC 5280 has it. @returns PEM */
export function issueCertificate(request: CertificateRequest): string {
  const { issuer, publicKey } = request;
  const algorithm = signatureAlgorithm(issuer.privateKey);
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const content = der.sequence(
    der.numbered(0, der.integer(Buffer.of(2)), true), // Version 3 is written as 2.
    der.integer(request.serial),
    algorithm,
    name(issuer.commonName),
    der.sequence(der.time(request.validFrom), der.time(request.validUntil)),
    name(request.commonName),
    spki,
    der.numbered(3, der.sequence(...extensions(request)), true),
  );
  const signature = sign('sha256', content, issuer.privateKey);
  const whole = der.sequence(content, algorithm, der.bitString(signature));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function signatureAlgorithm({ asymmetricKeyType }: KeyObject): Buffer {
  return asymmetricKeyType === 'rsa'
    ? der.sequence(der.objectIdentifier('1.2.840.113549.1.1.11'), der.nothing())
    : der.sequence(der.objectIdentifier('1.2.840.10045.4.3.2'));
}

function name(commonName: string): Buffer {
  const part = (type: string, text: string) => der.set(der.sequence(der.objectIdentifier(type), der.utf8String(text)));
  return der.sequence(part('2.5.4.10', 'Gantry'), part('2.5.4.3', commonName));
}

const digitalSignature = der.bitString(Buffer.of(0b1000_0000), 7);
const signsOthers = der.bitString(Buffer.of(0b0000_0110), 1);

/** Strict clients (Python 3.13) want to find both key identifiers. */
function extensions({ kind, names, publicKey, issuer }: CertificateRequest): readonly Buffer[] {
  const isAuthority = kind === 'authority';
  // The 0: it signs servers, and no further authority.
  const basic = isAuthority ? der.sequence(der.boolean(true), der.integer(Buffer.of(0))) : der.sequence();
  return [
    extension('2.5.29.19', basic, true),
    extension('2.5.29.15', isAuthority ? signsOthers : digitalSignature, true),
    extension('2.5.29.14', der.octetString(keyId(publicKey))),
    extension('2.5.29.35', der.sequence(der.numbered(0, keyId(createPublicKey(issuer.privateKey))))),
    ...(kind === 'server' ? [extension('2.5.29.37', der.sequence(der.objectIdentifier('1.3.6.1.5.5.7.3.1')))] : []),
    ...(names.length > 0 ? [extension('2.5.29.17', der.sequence(...names.map(alternativeName)))] : []),
  ];
}

function extension(id: string, value: Buffer, isCritical = false): Buffer {
  const critical = isCritical ? [der.boolean(true)] : [];
  return der.sequence(der.objectIdentifier(id), ...critical, der.octetString(value));
}

/** As RFC 7093 has it: 160 bits of a digest, which only have to differ from those of other keys. */
function keyId(key: KeyObject): Buffer {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest()
    .subarray(0, 20);
}

function alternativeName(text: string): Buffer {
  const family = isIP(text);
  if (family === 0) return der.numbered(2, Buffer.from(text, 'latin1'));
  return der.numbered(7, family === 4 ? Buffer.from(text.split('.').map(Number)) : ipv6Bytes(text));
}

function ipv6Bytes(address: string): Buffer {
  // The URL parser turns every way of writing one into groups of hexadecimal digits, `::` for those that are 0.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':').map((digits) => Number.parseInt(digits, 16)));
  const [first, last] = [groups(head), groups(tail ?? '')];
  const all = [...first, ...Array.from({ length: 8 - first.length - last.length }, () => 0), ...last];
  return Buffer.from(all.flatMap((group) => [group >> 8, group & 0xff]));
}
