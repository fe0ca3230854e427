import { gunzipSync } from 'node:zlib';
import { type IntegrationCall, taskCall } from '../../../../../core/asl/task';
import { isRecord, type JsonObject, recordOf, records, text } from '../../../kernel/json';
import { dataOf, type Holder } from './data';
import { NotRunHere, runtimeFault, StateFailure } from './failure';
import { inventoryItems, itemsOfFile, parsed, readingFailed } from './item-formats';
import type { Item } from './items';
import type { Visit } from './visit';

/** Maximum number of items read. */
const MOST = 100_000_000;

/** The item source of a distributed map. */
export interface Reader {
  /** `s3:getObject` or `s3:listObjectsV2`. */
  readonly resource: string;
  /** Bucket and key, or prefix. */
  readonly parameters: JsonObject;
  /** The evaluated reader configuration. */
  config(visit: Visit): Promise<ReaderConfig>;
}

/** How items are read. */
export interface ReaderConfig {
  /** `CSV`, `JSON`, `JSONL`, `MANIFEST`. */
  readonly type: string;
  /** Maximum number of items. */
  readonly most: number;
  readonly body: JsonObject;
}

/** The reader of a map; undefined if the items are in its input. */
export async function readerOf(visit: Visit): Promise<Reader | undefined> {
  const { ItemReader } = visit.state.body;
  if (!isRecord(ItemReader)) return undefined;
  const name = visit.state.language === 'JSONata' ? 'Arguments' : 'Parameters';
  const parameters = recordOf(
    await dataOf(visit.state.language).template(visit, ItemReader[name] ?? {}, `ItemReader/${name}`),
  );
  const body = recordOf(ItemReader.ReaderConfig);
  return {
    resource: text(ItemReader.Resource) ?? '',
    parameters,
    config: async (one) => ({ body, type: typeOf(body), most: await mostOf(one, body) }),
  };
}

/**
 * Why a reader is unsupported; undefined if it is supported.
 * @param reader `ItemReader` of a state
 */
export function unreadHere(reader: JsonObject): string | undefined {
  const body = recordOf(reader.ReaderConfig);
  const call = taskCall(reader.Resource);
  if (call?.kind !== 'integration' || call.service !== 's3') return `'${text(reader.Resource) ?? ''}'`;
  if (text(body.ManifestType) === 'ATHENA_DATA') return 'a manifest of Athena';
  return typeOf(body) === 'PARQUET' ? 'Parquet' : undefined;
}

/** Inventories need no type, nor do listings whose objects are not loaded. */
function typeOf(body: JsonObject): string {
  return text(body.ManifestType) === 'S3_INVENTORY' ? 'MANIFEST' : (text(body.InputType) ?? 'JSON');
}

async function mostOf(visit: Visit, body: JsonObject): Promise<number> {
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

/** A reader's access to S3. */
interface Source {
  /** A response, as a task receives it. */
  read(parameters: JsonObject): Promise<JsonObject>;
  /** The content of an object. */
  content(parameters: JsonObject): Promise<Buffer>;
}

/**
 * Reads the items.
 * @throws StateFailure when they cannot be read
 */
export async function readItems(visit: Visit, reader: Reader, config: ReaderConfig): Promise<readonly Item[]> {
  const { resource, parameters } = reader;
  if (config.most < 0) throw readingFailed('field MaxItems must be positive');
  const unread = unreadHere({ Resource: resource, ReaderConfig: config.body });
  const call = taskCall(resource);
  if (unread !== undefined || call?.kind !== 'integration') throw new NotRunHere(`a map that reads ${unread}`);
  const source = sourceOf(visit, call);
  try {
    const items = call.api === 'listObjectsV2' ? listed(source, parameters, config) : read(source, parameters, config);
    return (await items).slice(0, config.most);
  } catch (error) {
    if (!(error instanceof StateFailure) || error.error === 'States.ItemReaderFailed') throw error;
    throw readingFailed(error.detail ?? '');
  }
}

function sourceOf({ run, flowing }: Visit, call: IntegrationCall): Source {
  const execution = text(recordOf(run.context.Execution).Id) ?? '';
  const request = { execution, signal: flowing.signal };
  return {
    read: async (parameters) =>
      recordOf(await run.tasks.call({ ...request, call: { ...call, sdk: true }, parameters })),
    content: async (parameters) =>
      (await run.tasks.call({
        ...request,
        call: { ...call, api: 'getObject', sdk: true },
        parameters,
        raw: true,
      })) as Buffer,
  };
}

/** The listed objects, or their content. */
async function listed(source: Source, parameters: JsonObject, config: ReaderConfig): Promise<readonly Item[]> {
  const { most, body } = config;
  const Bucket = text(parameters.Bucket) ?? '';
  const loads = text(body.Transformation) === 'LOAD_AND_FLATTEN';
  const items: Item[] = [];
  let token: string | undefined;
  do {
    const page = await source.read({ ...parameters, ...(token !== undefined && { ContinuationToken: token }) });
    for (const { ETag: Etag, LastModified, Key, Size, StorageClass } of records(page.Contents)) {
      const value = { Etag, Key, LastModified, Size, StorageClass };
      items.push(...(loads ? await read(source, { Bucket, Key }, config) : [{ value, source: `S3://${Bucket}` }]));
      if (items.length >= most) return items;
    }
    token = text(page.NextContinuationToken);
  } while (token !== undefined);
  return items;
}

async function read(source: Source, parameters: JsonObject, config: ReaderConfig): Promise<readonly Item[]> {
  const content = await source.content(parameters);
  const from = `S3://${text(parameters.Bucket)}/${text(parameters.Key)}`;
  const items = config.type === 'MANIFEST' ? await inventory(source, content) : itemsOfFile(content, config);
  return items.map((item) => ({ source: from, ...item }));
}

/**
 * The rows of an inventory's files.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-location.html
 */
async function inventory(source: Source, content: Buffer): Promise<readonly Item[]> {
  const { destinationBucket, fileFormat, fileSchema, files } = recordOf(parsed(content.toString()));
  if (fileFormat !== 'CSV') throw readingFailed(`An inventory must be in CSV, but this is in ${text(fileFormat)}.`);
  const Bucket = (text(destinationBucket) ?? '').replace(/^arn:[^:]+:s3:::/, '');
  const columns = (text(fileSchema) ?? '').split(',').map((name) => name.trim());
  const items: Item[] = [];
  for (const { key: Key } of records(files)) {
    const rows = gunzipSync(await source.content({ Bucket, Key })).toString();
    items.push(...inventoryItems(rows, columns).map((item) => ({ ...item, source: `S3://${Bucket}/${text(Key)}` })));
  }
  return items;
}
