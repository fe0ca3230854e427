import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { conditionFailed, patiently, reasonsOf } from './patience';

const CIPHER = 'aes-256-gcm';
const [MARK, NONCE, TAG] = [8, 12, 16];

/** Subjects' data keys, for one operation: a longer-lived cache would outlive a key deleted meanwhile. */
export class KeyRing {
  private readonly keys = new Map<string, Promise<Buffer | undefined>>();

  /** @param table of the keys; without one no key is ever found */
  constructor(
    private readonly client: DynamoDBClient,
    private readonly table: string | undefined,
  ) {}

  /** A subject's key; undefined if it was forgotten. */
  find(subject: string): Promise<Buffer | undefined> {
    return this.once(subject, () => this.read(subject));
  }

  /** A subject's key, created if missing. */
  async have(subject: string): Promise<Buffer> {
    const key = (await this.find(subject)) ?? (await this.make(subject));
    this.keys.set(subject, Promise.resolve(key));
    return key;
  }

  /** One key combined from those of several subjects: when one is deleted it is lost. */
  async joint(subjects: readonly string[]): Promise<Buffer | undefined> {
    const keys = await Promise.all(subjects.map((subject) => this.find(subject)));
    if (keys.some((key) => key === undefined)) return undefined;
    return createHash('sha256')
      .update(Buffer.concat(keys as Buffer[]))
      .digest();
  }

  private once(subject: string, get: () => Promise<Buffer | undefined>): Promise<Buffer | undefined> {
    const known = this.keys.get(subject) ?? get();
    this.keys.set(subject, known);
    return known;
  }

  private async read(subject: string): Promise<Buffer | undefined> {
    if (this.table === undefined) return undefined;
    const command = new GetItemCommand({ TableName: this.table, Key: { id: { S: subject } }, ConsistentRead: true });
    const { Item } = await patiently(() => this.client.send(command));
    return Item?.key?.B && Buffer.from(Item.key.B);
  }

  private async make(subject: string): Promise<Buffer> {
    if (this.table === undefined) throw new Error("Personal fields need a table of keys; set 'personal' on the store");
    const key = randomBytes(32);
    const command = new PutItemCommand({
      TableName: this.table,
      Item: { id: { S: subject }, key: { B: key } },
      ConditionExpression: 'attribute_not_exists(id)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    try {
      await patiently(() => this.client.send(command));
      return key;
    } catch (error) {
      // Someone else created one first, or the response to the first attempt was lost.
      const first = reasonsOf(error)[0]?.Item?.key?.B;
      if (!conditionFailed(error) || !first) throw error;
      return Buffer.from(first);
    }
  }
}

/** Encrypts a string for one place: decrypting it elsewhere fails. */
export function seal(key: Buffer, associatedData: string, text: string): Buffer {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(associatedData));
  const content = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([markOf(key), nonce, cipher.getAuthTag(), content]);
}

/**
 * Decrypts; undefined if the key is gone, even if the subject has a new one.
 * @throws Error when it was changed, or moved to another place
 */
export function unseal(key: Buffer | undefined, associatedData: string, sealed: Uint8Array): string | undefined {
  const bytes = Buffer.from(sealed);
  if (!key || !markOf(key).equals(bytes.subarray(0, MARK))) return undefined;
  const nonce = bytes.subarray(MARK, MARK + NONCE);
  const tag = bytes.subarray(MARK + NONCE, MARK + NONCE + TAG);
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG })
    .setAAD(Buffer.from(associatedData))
    .setAuthTag(tag);
  return decipher.update(bytes.subarray(MARK + NONCE + TAG), undefined, 'utf8') + decipher.final('utf8');
}

/** Distinguishes keys without revealing anything about them. */
const markOf = (key: Buffer): Buffer => createHash('sha256').update(key).digest().subarray(0, MARK);
