import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** A certificate with its key, both in PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

const DAY = 24 * 60 * 60 * 1000;

/** Object identifiers, encoded. */
const OID = {
  commonName: der(0x06, Buffer.from('550403', 'hex')),
  ecdsaWithSha256: der(0x06, Buffer.from('2a8648ce3d040302', 'hex')),
  basicConstraints: der(0x06, Buffer.from('551d13', 'hex')),
  keyUsage: der(0x06, Buffer.from('551d0f', 'hex')),
  subjectAltName: der(0x06, Buffer.from('551d11', 'hex')),
};

/**
 * An authority for one run: its certificates are valid for a week, and its key is never written to disk.
 * @see https://www.rfc-editor.org/rfc/rfc5280
 */
export class CertificateAuthority {
  /** Its root certificate, in PEM. */
  readonly cert: string;
  private readonly key: KeyObject;

  /** @param name as shown in certificates */
  constructor(private readonly name: string) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.key = privateKey;
    const extensions = [
      extension(OID.basicConstraints, sequence(der(0x01, Buffer.from([0xff]))), true),
      extension(OID.keyUsage, der(0x03, Buffer.from([0x01, 0x06])), true),
    ];
    this.cert = this.signed(name, publicKey, extensions);
  }

  /** A certificate for a server with some host names. */
  issue(hosts: readonly string[]): Certificate {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const names = sequence(...hosts.map((host) => der(0x82, Buffer.from(host))));
    const cert = this.signed(hosts[0] ?? 'localhost', publicKey, [extension(OID.subjectAltName, names)]);
    const key = createPrivateKey(privateKey.export({ type: 'pkcs8', format: 'pem' }));
    return { cert, key: key.export({ type: 'pkcs8', format: 'pem' }).toString() };
  }

  private signed(subject: string, publicKey: KeyObject, extensions: readonly Buffer[]): string {
    const algorithm = sequence(OID.ecdsaWithSha256);
    const serial = randomBytes(8);
    serial[0] = (serial[0]! & 0x3f) | 0x40;
    const body = sequence(
      der(0xa0, integer(Buffer.from([2]))),
      integer(serial),
      algorithm,
      nameOf(this.name),
      sequence(time(new Date(Date.now() - DAY)), time(new Date(Date.now() + 7 * DAY))),
      nameOf(subject),
      publicKey.export({ type: 'spki', format: 'der' }),
      der(0xa3, sequence(...extensions)),
    );
    const signature = sign('sha256', body, this.key);
    const certificate = sequence(body, algorithm, der(0x03, Buffer.concat([Buffer.from([0]), signature])));
    const lines = certificate.toString('base64').replace(/.{64}/g, '$&\n').trim();
    return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
  }
}

function der(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([tag]), lengthOf(content.length), content]);
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  if (length < 0x100) return Buffer.from([0x81, length]);
  return Buffer.from([0x82, length >> 8, length & 0xff]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

function integer(value: Buffer): Buffer {
  return der(0x02, value);
}

/** A common name has at most 64 characters. */
function nameOf(common: string): Buffer {
  return sequence(der(0x31, sequence(OID.commonName, der(0x0c, Buffer.from(common.slice(0, 64))))));
}

function time(moment: Date): Buffer {
  return der(
    0x17,
    Buffer.from(
      `${moment
        .toISOString()
        .replace(/[-:T]|\.\d+/g, '')
        .slice(2)}`,
    ),
  );
}

function extension(oid: Buffer, value: Buffer, critical = false): Buffer {
  return sequence(oid, ...(critical ? [der(0x01, Buffer.from([0xff]))] : []), der(0x04, value));
}
