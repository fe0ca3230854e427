import { type JsonObject, recordOf, text, texts } from '../../../kernel/json';
import { csvItems, csvRows } from './csv';
import { NotRunHere, StateFailure } from './failure';
import { type Item, itemsIn } from './items';

/** Maximum size of the header row, in bytes. */
const MOST_HEADER = 10 * 1024;

/** How the content of a file is read. */
export interface Format {
  /** `CSV`, `JSON`, `JSONL`. */
  readonly type: string;
  /** `ReaderConfig`. */
  readonly body: JsonObject;
}

/**
 * The items of a file.
 * @throws StateFailure when the content does not match the format
 */
export function itemsOfFile(content: Buffer, { type, body }: Format): readonly Item[] {
  // Whether AWS decompresses files other than inventories is undocumented.
  if (content[0] === 0x1f && content[1] === 0x8b) throw new NotRunHere('a map that reads a compressed file');
  const source = content.toString();
  switch (type) {
    case 'JSON':
      return jsonItems(source, text(body.ItemsPointer));
    case 'JSONL':
      return source
        .split(/\r?\n/)
        .filter((line) => line.trim() !== '')
        .map((line) => ({ value: parsed(line) }));
    case 'CSV':
      return rowsOf(source, body);
    default:
      throw new NotRunHere(`a map that reads ${type}`);
  }
}

/** The rows of an inventory file, with columns from its manifest. */
export function inventoryItems(source: string, columns: readonly string[]): readonly Item[] {
  return csvItems(source, undefined, columns)!.map((value) => ({ value }));
}

/** Parses a JSON file. */
export function parsed(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    throw readingFailed('The content of the object is not JSON.');
  }
}

/** The failure of an item reader. */
export function readingFailed(cause: string): StateFailure {
  return new StateFailure('States.ItemReaderFailed', cause);
}

function rowsOf(source: string, body: JsonObject): readonly Item[] {
  const delimiter = text(body.CSVDelimiter);
  const given = text(body.CSVHeaderLocation) === 'GIVEN' ? texts(body.CSVHeaders) : undefined;
  const header = given ?? csvRows(source, delimiter)[0] ?? [];
  if (Buffer.byteLength(header.join(',')) > MOST_HEADER) throw readingFailed('CSV headers are longer than 10 KiB.');
  const items = csvItems(source, delimiter, given);
  if (items === undefined) throw readingFailed('CSV headers cannot contain duplicates.');
  return items.map((value) => ({ value }));
}

/** @param pointer a JSON pointer to the items: `/orders/0/lines` */
function jsonItems(source: string, pointer: string | undefined): readonly Item[] {
  let value = parsed(source);
  for (const step of pointer?.split('/').slice(1) ?? []) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    value = Array.isArray(value) ? (value as unknown[])[Number(name)] : recordOf(value)[name];
  }
  const items = Array.isArray(value) || pointer !== undefined ? itemsIn(value) : undefined;
  if (items === undefined) throw readingFailed('Attempting to map over non-iterable node.');
  return items;
}
