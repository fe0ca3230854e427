import { message, type Message, MessageReader, query, textIn } from './messages';
import { statementsIn } from './statements';

const SETTING = 'default_transaction_read_only';

/** Sets the parameter, by statement or `set_config`, to any value that does not keep a transaction read-only. */
const SETS = /\b(?:default_)?transaction_read_only["']?\s*(?:=|\bto\b|,)(?!\s*'?(?:on|true|yes|1|default)\b)/i;

/** Replaces a statement that would let a reader write; it fails as on a reader. */
const REFUSED =
  "DO $$BEGIN RAISE EXCEPTION USING ERRCODE = '0A000', MESSAGE = 'cannot set transaction read-write mode during recovery'; END$$";

/** Forces read-only startup parameters, whatever the client asked for. */
export function ofReader(parameters: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const kept = Object.entries(parameters).filter(([name]) => name.toLowerCase() !== SETTING);
  return { ...Object.fromEntries(kept), [SETTING]: 'on' };
}

/** Blocks client messages that would make a reader writable: the one engine is the writer. */
export class ReadOnlyFilter {
  private readonly reader = new MessageReader();

  /** The complete messages to forward after another chunk. */
  pass(chunk: Buffer): Buffer {
    return Buffer.concat(this.reader.push(chunk).map(passed));
  }
}

function passed({ type, body, bytes }: Message): Buffer {
  if (type === 'Q') return opensWriting(textIn(body)) ? query(REFUSED) : bytes;
  if (type !== 'P') return bytes;
  const name = textIn(body);
  const start = Buffer.byteLength(name) + 1;
  const sql = textIn(body, start);
  if (!opensWriting(sql)) return bytes;
  const rest = body.subarray(start + Buffer.byteLength(sql) + 1);
  return message('P', Buffer.concat([Buffer.from(`${name}\0${REFUSED}\0`), rest]));
}

function opensWriting(sql: string): boolean {
  return statementsIn(sql).some((one) => /\bread\s+write\b/i.test(one)) || SETS.test(sql);
}
