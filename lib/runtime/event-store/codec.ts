import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ITEM_BYTES, KEY_BYTES } from '../limits';
import { getClaim, putClaim } from './claims';
import { bytesOf, exactJson, fromItem, type Item, toItem } from './items';
import { KeyRing, seal, unseal } from './key-ring';
import type { EventShape, Recorded, Upcasters } from './types';

/** From this size, data go to the bucket, if there is one: an event is read more often than written. */
const CLAIM_BYTES = 100 * 1024;
/** Half a key's maximum: ids become parts of object keys, and of published events' ids. */
const MOST_ID_BYTES = KEY_BYTES / 2;
/** What a CloudEvent has besides data and its metadata. */
const ENVELOPE_BYTES = 512;

/** Where an item's parts are stored. */
export interface CodecStores {
  readonly keys: string | undefined;
  readonly bucket: string | undefined;
}

/** Parts stored separately from an item, fetched. */
interface Parts {
  readonly personal?: string;
  readonly claimed?: string;
}

/** How events become items. */
export interface Writing<Event extends EventShape> {
  /** Fields to encrypt, by type. */
  readonly personal: Readonly<Record<string, readonly string[]>>;
  readonly subject: (event: Event, id: string) => string;
  /** Bytes that an event may have where it is published. */
  readonly limit: number;
}

/** Converts between events and items. */
export class Codec<Event extends EventShape> {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly stores: CodecStores,
    private readonly upcasters: Upcasters<Event> = {},
  ) {}

  /** Keys for one operation. */
  ring(): KeyRing {
    return new KeyRing(this.client, this.stores.keys);
  }

  schemaOf(type: Event['type']): number {
    return (this.upcasters[type]?.length ?? 0) + 1;
  }

  /**
   * The item of an event.
   * @throws RangeError when it is too large, with its size, or its aggregate's id is
   */
  async encode(event: Recorded<Event>, ring: KeyRing, writing: Writing<Event>): Promise<Item> {
    const { data, id, version, time, type, meta, schema } = event;
    const length = Buffer.byteLength(id);
    if (length === 0 || length > MOST_ID_BYTES) {
      throw new RangeError(
        `The id of an aggregate must have 1 to ${MOST_ID_BYTES} bytes, '${id.slice(0, 40)}' has ${length}`,
      );
    }
    refuseAbove(writing.limit, event, () => Buffer.byteLength(JSON.stringify({ data, meta })) + ENVELOPE_BYTES);
    const { open, personal } = parted(data, writing.personal[type] ?? []);
    let sealed = {};
    if (personal) {
      const subject = writing.subject(event, id);
      sealed = { subject, sealed: seal(await ring.have(subject), associatedData(event), exactJson(personal)) };
    }
    const rest = { id, version, type, time, meta, schema, ...sealed };
    const item = toItem({ ...rest, data: open });
    const { bucket } = this.stores;
    if (bucket === undefined || bytesOf(item) < CLAIM_BYTES) {
      refuseAbove(ITEM_BYTES, event, () => bytesOf(item));
      return item;
    }
    const claim = `${encodeURIComponent(id)}/${version}/${String(meta.append)}`;
    await putClaim(bucket, claim, exactJson(fromItem(item).data));
    const small = toItem({ ...rest, claim });
    refuseAbove(ITEM_BYTES, event, () => bytesOf(small));
    return small;
  }

  /** Fetches the parts stored separately from an event. Fails if a service does. */
  async fetch(item: Item, ring: KeyRing): Promise<Parts> {
    const { subject, sealed, claim } = item;
    const { bucket } = this.stores;
    if (claim?.S !== undefined && bucket === undefined) throw new Error("The store's bucket is not in 'access'");
    const [key, claimed] = await Promise.all([
      subject?.S !== undefined ? ring.find(subject.S) : undefined,
      claim?.S !== undefined && bucket !== undefined ? getClaim(bucket, claim.S) : undefined,
    ]);
    const data = associatedData({ id: item.id?.S ?? '', version: Number(item.version?.N) });
    return { personal: sealed?.B && unseal(key, data, sealed.B), claimed };
  }

  /**
   * The event of an item, in the newest schema.
   * @throws Error when its schema is unknown, its data are gone, or an upcaster throws
   */
  decode(item: Item, { personal, claimed }: Parts): Recorded<Event> {
    const { sealed: _, subject: __, claim, ...event } = fromItem(item);
    const { id, version, type, schema } = event as unknown as Recorded<EventShape>;
    const upcasters = this.upcasters[type as Event['type']] ?? [];
    const newest = upcasters.length + 1;
    if (schema > newest) {
      throw new Error(`Event ${version} of '${id}' has schema ${schema} of ${type}; here ${newest} is the newest`);
    }
    if (claim !== undefined && claimed === undefined)
      throw new Error(`The data of event ${version} of '${id}' are gone`);
    const stored = {
      ...((claimed === undefined ? event.data : JSON.parse(claimed)) as object),
      ...(personal !== undefined && (JSON.parse(personal) as object)),
    };
    const data = upcasters.slice(schema - 1).reduce<object>((old, step) => step({ ...old }), stored);
    return { meta: {}, ...event, data } as unknown as Recorded<Event>;
  }

  /** The event of an item, including the parts stored separately. */
  async read(item: Item, ring: KeyRing): Promise<Recorded<Event>> {
    return this.decode(item, await this.fetch(item, ring));
  }
}

const associatedData = ({ id, version }: { readonly id: string; readonly version: number }): string =>
  `${id}/${version}`;

/** Splits data into public and personal fields. */
function parted(data: object, fields: readonly string[]): { readonly open: object; readonly personal?: object } {
  const entries = Object.entries(data);
  const personal = entries.filter(([name, value]) => fields.includes(name) && value !== undefined);
  if (personal.length === 0) return { open: data };
  const open = Object.fromEntries(entries.filter(([name]) => !fields.includes(name)));
  return { open, personal: Object.fromEntries(personal) };
}

function refuseAbove(most: number, { type, id }: Recorded<EventShape>, sizeOf: () => number): void {
  if (most === Infinity) return;
  const bytes = sizeOf();
  if (bytes <= most) return;
  const remedy = "store large data elsewhere, or give the store a bucket with 'claimCheck'";
  throw new RangeError(`${type} of '${id}' has ${bytes} bytes, and at most ${most} can be stored; ${remedy}`);
}
