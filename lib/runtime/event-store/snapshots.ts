import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { ITEM_BYTES } from '../limits';
import { bytesOf, exactJson, toItem } from './items';
import { type KeyRing, seal, unseal } from './key-ring';
import { conditionFailed, patiently } from './patience';

/** A state and its version. */
export interface Snapshot<State> {
  readonly version: number;
  readonly state: State;
  /** Subjects with personal fields in it. */
  readonly subjects: readonly string[];
}

/** Stores snapshots. One with personal fields is encrypted with the keys of all its subjects: it is lost with the first. */
export class Snapshots<State> {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly table: string,
    private readonly schema: number,
  ) {}

  /** An aggregate's snapshot; undefined if there is no readable one of this schema. */
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

  /** Stores a snapshot, unless there is a later one or it does not fit into an item. */
  async write(id: string, { version, state, subjects }: Snapshot<State>, ring: KeyRing): Promise<void> {
    const text = exactJson(state);
    const key = subjects.length > 0 ? await ring.joint(subjects) : undefined;
    if (subjects.length > 0 && !key) return;
    const content = key
      ? { sealed: seal(key, `${id}/${version}`, text), subjects: new Set(subjects) }
      : { state: text };
    const item = toItem({ id, version, schema: this.schema, ...content });
    if (bytesOf(item) > ITEM_BYTES) return;
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
