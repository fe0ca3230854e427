import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { bytesOf, exactJson, MOST_BYTES, toItem } from './items';
import { type KeyRing, seal, unseal } from './key-ring';
import { conditionFailed, patiently } from './patience';

/** A state and the version that it is of. */
export interface Snapshot<State> {
  readonly version: number;
  readonly state: State;
  /** Who has personal fields in it. */
  readonly subjects: readonly string[];
}

/** Where snapshots are kept. One with personal fields is encrypted with the keys of all its subjects: it goes with the first. */
export class Snapshots<State> {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly table: string,
    private readonly schema: number,
  ) {}

  /** The snapshot of an aggregate; undefined where there is none of this schema that can be read. */
  async read(id: string, ring: KeyRing): Promise<Snapshot<State> | undefined> {
    const command = new GetItemCommand({ TableName: this.table, Key: { id: { S: id } } });
    const { Item } = await patiently(() => this.client.send(command));
    if (!Item || Number(Item.schema?.N) !== this.schema) return undefined;
    const version = Number(Item.version?.N);
    const subjects = Item.subjects?.SS ?? [];
    const text = Item.sealed?.B
      ? unseal(await ring.joint(subjects), `${id}/${version}`, Item.sealed.B)
      : (Item.state?.S ?? '');
    return text === undefined ? undefined : { version, state: JSON.parse(text) as State, subjects };
  }

  /** Keeps a snapshot, where none of a later version is there and an item holds it. */
  async write(id: string, { version, state, subjects }: Snapshot<State>, ring: KeyRing): Promise<void> {
    const text = exactJson(state);
    const key = subjects.length > 0 ? await ring.joint(subjects) : undefined;
    if (subjects.length > 0 && !key) return;
    const content = key
      ? { sealed: seal(key, `${id}/${version}`, text), subjects: new Set(subjects) }
      : { state: text };
    const item = toItem({ id, version, schema: this.schema, ...content });
    if (bytesOf(item) > MOST_BYTES) return;
    const command = new PutItemCommand({
      TableName: this.table,
      Item: item,
      ConditionExpression: 'attribute_not_exists(id) OR #version < :version OR #schema <> :schema',
      ExpressionAttributeNames: { '#version': 'version', '#schema': 'schema' },
      ExpressionAttributeValues: { ':version': { N: String(version) }, ':schema': { N: String(this.schema) } },
    });
    try {
      await patiently(() => this.client.send(command));
    } catch (error) {
      if (!conditionFailed(error)) throw error;
    }
  }
}
