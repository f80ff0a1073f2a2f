import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { GantryError } from '../model/errors.ts';
import { loadConfig } from '../server/config.ts';
import { createSystemRandom } from '../server/system-random.ts';
import {
  type DevelopmentCertificate,
  developmentNames,
  ensureDevelopmentCertificate,
} from '../server/tls/development-certificate.ts';
import { developmentFolder } from '../server/tls/tls-options.ts';
import type { CommandInput } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { formatOf, printFields, printJson, printName, printText } from './output.ts';

/** Makes a development authority and a certificate below it where they are missing, and says who has to trust what. */
export async function makeCertificate(input: CommandInput): Promise<number> {
  const format = formatOf(input);
  const { out, name = [], output: _, ...flags } = input.flags;
  const { config } = await loadConfig({ flags, environment: process.env });
  const names = developmentNames(config.host, name.map(checkedName));
  const folder = out?.at(-1) ?? ownFolder(config.dataDir);
  const random = createSystemRandom();
  const made = absolute(await ensureDevelopmentCertificate({ folder, names, random, now: Date.now() }));
  if (format === 'json') printJson({ ...made, expiresAt: new Date(made.expiresAt).toISOString() });
  else if (format === 'name') printName(made.authority);
  else await printAll(made, out === undefined);
  return exitCodes.ok;
}

function ownFolder(dataDir: string): string {
  if (dataDir !== ':memory:') return developmentFolder(dataDir);
  throw new GantryError('invalid-argument', '--data-dir :memory: is no folder: say where with --out');
}

/** With a wildcard in front at most: what else a name could hold means something to those who read certificates. */
const hostName = /^(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/i;

function checkedName(name: string): string {
  if (isIP(name) !== 0 || (name.length <= 253 && hostName.test(name))) return name;
  throw new GantryError('invalid-argument', `--name "${name}": expected a host name or an address`);
}

/** For variables of other programs, which may be started elsewhere. */
function absolute(made: DevelopmentCertificate): DevelopmentCertificate {
  const { authority, tlsCert, tlsKey } = made;
  return { ...made, authority: resolve(authority), tlsCert: resolve(tlsCert), tlsKey: resolve(tlsKey) };
}

async function printAll(made: DevelopmentCertificate, isOwn: boolean): Promise<void> {
  const { authority, tlsCert, tlsKey, names, expiresAt, isNew, isAuthorityNew } = made;
  printFields([
    ['authority', `${authority} (${isAuthorityNew ? 'new: clients have to trust it' : 'as it was'})`],
    [
      'certificate',
      `${tlsCert} (${isNew ? 'new' : 'as it was'}, until ${new Date(expiresAt).toISOString().slice(0, 10)})`,
    ],
    ['key', tlsKey],
    ['names', names.join(', ')],
  ]);
  const serve = isOwn ? '--tls-cert generated' : `--tls-cert ${quoted(tlsCert)} --tls-key ${quoted(tlsKey)}`;
  const path = quoted(authority);
  await printText(`
The broker:      gantry serve --https-port 4567 ${serve}
Node.js, gantry: export NODE_EXTRA_CA_CERTS=${path}
AWS CLI, boto3:  export AWS_CA_BUNDLE=${path}
Go:              export SSL_CERT_FILE=${path}
Java:            keytool -importcert -noprompt -alias gantry -file ${path} -keystore gantry.p12 -storetype PKCS12 -storepass changeit
                 java -Djavax.net.ssl.trustStore=gantry.p12 -Djavax.net.ssl.trustStorePassword=changeit ...
curl:            curl --cacert ${path} https://localhost:4567/health`);
}

/** As a shell takes it. */
function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
