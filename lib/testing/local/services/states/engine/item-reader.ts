import { taskCall } from '../../../../../core/asl/task';
import { isRecord, type JsonRecord, record, text, texts } from '../../../kernel/json';
import { csvItems } from './csv';
import { dataOf, type Holder } from './data';
import { NotRunHere, runtimeFault, StateFailure } from './failure';
import type { Visit } from './visit';

/** The most items that a reader gives. */
const MOST = 100_000_000;

/** Where a distributed map reads its items. */
export interface Reader {
  /** `s3:getObject` or `s3:listObjectsV2`. */
  readonly resource: string;
  /** Bucket and key, or prefix. */
  readonly parameters: JsonRecord;
  /** How the items are read, evaluated. */
  config(visit: Visit): Promise<ReaderConfig>;
}

/** How items are read. */
export interface ReaderConfig {
  /** `CSV`, `JSON`, `JSONL`. */
  readonly type: string;
  /** No more than so many. */
  readonly most: number;
  readonly body: JsonRecord;
}

/** The reader of a map; undefined where the items come with its input. */
export async function readerOf(visit: Visit): Promise<Reader | undefined> {
  const { ItemReader } = visit.state.body;
  if (!isRecord(ItemReader)) return undefined;
  const name = visit.state.language === 'JSONata' ? 'Arguments' : 'Parameters';
  const parameters = record(
    await dataOf(visit.state.language).template(visit, ItemReader[name] ?? {}, `ItemReader/${name}`),
  );
  const body = record(ItemReader.ReaderConfig);
  return {
    resource: text(ItemReader.Resource) ?? '',
    parameters,
    config: async (one) => ({ body, type: text(body.InputType) ?? 'JSON', most: await mostOf(one, body) }),
  };
}

async function mostOf(visit: Visit, body: JsonRecord): Promise<number> {
  const holder: Holder = { body, name: 'ItemReader/ReaderConfig' };
  const given = await dataOf(visit.state.language).field(visit, 'MaxItems', holder);
  if (given === undefined || given === 0) return MOST;
  if (typeof given !== 'number' || !Number.isInteger(given)) {
    const path = String(body.MaxItemsPath);
    throw runtimeFault(
      `The MaxItemsPath field refers to value "${String(given)}" which is not a valid integer: ${path}`,
    );
  }
  return given;
}

/**
 * Reads the items.
 * @throws StateFailure when they cannot be read
 */
export async function readItems(visit: Visit, reader: Reader, config: ReaderConfig): Promise<readonly unknown[]> {
  const { resource, parameters } = reader;
  if (config.most < 0) throw failed('field MaxItems must be positive');
  const call = taskCall(resource);
  if (call?.kind !== 'integration' || call.service !== 's3')
    throw new NotRunHere(`a map that reads with '${resource}'`);
  const { run, flowing } = visit;
  const execution = text(record(run.context.Execution).Id) ?? '';
  const ask = (given: JsonRecord) =>
    run.tasks.call({ call: { ...call, sdk: true }, parameters: given, execution, signal: flowing.signal });
  try {
    if (call.api === 'listObjectsV2') return await listed(ask, parameters, config.most);
    const body = text(record(await ask(parameters)).Body) ?? '';
    return itemsIn(body, config).slice(0, config.most);
  } catch (error) {
    if (!(error instanceof StateFailure) || error.error === 'States.ItemReaderFailed') throw error;
    throw failed(error.detail ?? '');
  }
}

async function listed(
  ask: (parameters: JsonRecord) => Promise<unknown>,
  parameters: JsonRecord,
  most: number,
): Promise<readonly unknown[]> {
  const items: unknown[] = [];
  let token: string | undefined;
  do {
    const page = record(await ask({ ...parameters, ...(token !== undefined && { ContinuationToken: token }) }));
    const contents = Array.isArray(page.Contents) ? page.Contents.filter(isRecord) : [];
    items.push(
      ...contents.map(({ ETag: Etag, LastModified, Key, Size, StorageClass }) => ({
        Etag,
        Key,
        LastModified,
        Size,
        StorageClass,
      })),
    );
    token = text(page.NextContinuationToken);
  } while (token !== undefined && items.length < most);
  return items.slice(0, most);
}

function itemsIn(source: string, { type, body }: ReaderConfig): readonly unknown[] {
  switch (type) {
    case 'JSON':
      return jsonItems(source, text(body.ItemsPointer));
    case 'JSONL':
      return source
        .split(/\r?\n/)
        .filter((line) => line.trim() !== '')
        .map(parsed);
    case 'CSV': {
      const header = text(body.CSVHeaderLocation) === 'GIVEN' ? texts(body.CSVHeaders) : undefined;
      const items = csvItems(source, text(body.CSVDelimiter), header);
      if (items === undefined) throw failed('CSV headers cannot contain duplicates.');
      return items;
    }
    default:
      throw new NotRunHere(`a map that reads ${type}`);
  }
}

/** @param pointer a JSON pointer to the list: `/orders/0/lines` */
function jsonItems(source: string, pointer: string | undefined): readonly unknown[] {
  let value = parsed(source);
  for (const step of pointer?.split('/').slice(1) ?? []) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    value = Array.isArray(value) ? (value as unknown[])[Number(name)] : record(value)[name];
  }
  if (Array.isArray(value)) return value;
  if (isRecord(value) && pointer !== undefined) return Object.entries(value).map(([Key, Value]) => ({ Key, Value }));
  throw failed('Attempting to map over non-iterable node.');
}

function parsed(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    throw failed('The content of the object is not JSON.');
  }
}

function failed(cause: string): StateFailure {
  return new StateFailure('States.ItemReaderFailed', cause);
}
