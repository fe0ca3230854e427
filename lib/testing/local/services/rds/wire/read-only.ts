import { message, type Message, MessageReader, query, textIn } from './messages';
import { statementsIn } from './statements';

const SETTING = 'default_transaction_read_only';

/** By name, in a statement or by `set_config`, with any value that does not keep a transaction read-only. */
const SETS = /\b(?:default_)?transaction_read_only["']?\s*(?:=|\bto\b|,)(?!\s*'?(?:on|true|yes|1|default)\b)/i;

/** What stands in the place of a statement that would let a reader write: it fails as one does on a reader. */
const REFUSED =
  "DO $$BEGIN RAISE EXCEPTION USING ERRCODE = '0A000', MESSAGE = 'cannot set transaction read-write mode during recovery'; END$$";

/** The parameters of a startup message for a reader, whatever the client asked for. */
export function ofReader(parameters: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const kept = Object.entries(parameters).filter(([name]) => name.toLowerCase() !== SETTING);
  return { ...Object.fromEntries(kept), [SETTING]: 'on' };
}

/** Takes out of what a client sends to a reader what would let it write: there is one engine, which is the writer. */
export class ReadOnlyFilter {
  private readonly reader = new MessageReader();

  /** What goes on of one more piece: whole messages. */
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
