import { rootCertificates } from 'node:tls';

/** Who may sign a certificate: those that Node brings and the given ones; undefined: Node's own choice. */
export function allAuthorities(given: readonly string[] | undefined): string[] | undefined {
  return given === undefined ? undefined : [...rootCertificates, ...given];
}
