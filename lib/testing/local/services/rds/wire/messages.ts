/** One message of PostgreSQL's protocol, version 3, after the startup. */
export interface Message {
  /** `Q` for a query, `Z` for ready, ... */
  readonly type: string;
  /** What follows the length. */
  readonly body: Buffer;
  /** All of it, as it came. */
  readonly bytes: Buffer;
}

/** Splits a socket's data into messages. */
export class MessageReader {
  private rest: Buffer = Buffer.alloc(0);

  /** The messages completed by another chunk. */
  push(chunk: Buffer): readonly Message[] {
    this.rest = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    const messages: Message[] = [];
    let at = 0;
    for (; this.rest.length - at >= 5;) {
      const end = at + 1 + this.rest.readInt32BE(at + 1);
      if (this.rest.length < end) break;
      const bytes = this.rest.subarray(at, end);
      messages.push({ type: String.fromCharCode(bytes[0]!), body: bytes.subarray(5), bytes });
      at = end;
    }
    this.rest = this.rest.subarray(at);
    return messages;
  }
}

/** Request codes in the version field of a startup message. */
export const CODES = { cancel: 80877102, tls: 80877103, gss: 80877104, version3: 196608 } as const;

/** A message with a type. */
export function message(type: string, body: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

/** An untyped initial message of a client. */
export function firstMessage(code: number, body: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeInt32BE(body.length + 8);
  head.writeInt32BE(code, 4);
  return Buffer.concat([head, body]);
}

/** The startup message of a client. */
export function startup(parameters: Readonly<Record<string, string>>): Buffer {
  const pairs = Object.entries(parameters).map(([name, value]) => `${name}\0${value}\0`);
  return firstMessage(CODES.version3, Buffer.from(`${pairs.join('')}\0`));
}

/** The parameters of a startup message. */
export function parametersIn(body: Buffer): Readonly<Record<string, string>> {
  const parts = body.toString('utf8').split('\0');
  const parameters: Record<string, string> = {};
  for (let at = 0; parts[at]; at += 2) parameters[parts[at]!] = parts[at + 1] ?? '';
  return parameters;
}

/** A PostgreSQL error. */
export interface PostgresError {
  readonly severity: 'ERROR' | 'FATAL';
  /** The SQLSTATE: `28P01`. */
  readonly code: string;
  readonly text: string;
}

/** Encodes an error message. */
export function errorMessage({ severity, code, text }: PostgresError): Buffer {
  return message('E', Buffer.from(`S${severity}\0V${severity}\0C${code}\0M${text}\0\0`));
}

/** Decodes an error message. */
export function errorIn(body: Buffer): PostgresError {
  const fields = new Map(
    body
      .toString('utf8')
      .split('\0')
      .map((field) => [field.slice(0, 1), field.slice(1)] as const),
  );
  const severity = fields.get('V') === 'ERROR' ? 'ERROR' : 'FATAL';
  return { severity, code: fields.get('C') ?? 'XX000', text: fields.get('M') ?? '' };
}

/** Requests a password, or confirms authentication. */
export function authentication(kind: 'ok' | 'cleartext'): Buffer {
  const body = Buffer.alloc(4);
  body.writeInt32BE(kind === 'ok' ? 0 : 3);
  return message('R', body);
}

/** A simple query message. */
export function query(sql: string): Buffer {
  return message('Q', Buffer.from(`${sql}\0`));
}

/** Reads a null-terminated string. */
export function textIn(body: Buffer, from = 0): string {
  const end = body.indexOf(0, from);
  return body.toString('utf8', from, end < 0 ? body.length : end);
}
