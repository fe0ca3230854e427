import { randomUUID } from 'node:crypto';
import { AwsError } from '../../kernel/aws-errors';
import { type JsonObject, number, records, text, texts } from '../../kernel/json';

/** A secret value: text, or bytes in base64. */
export interface SecretValue {
  readonly SecretString?: string;
  readonly SecretBinary?: string;
}

/** One version of a secret. */
export interface SecretVersion {
  readonly id: string;
  readonly value: SecretValue;
  /** `AWSCURRENT`, `AWSPREVIOUS`, `AWSPENDING` or custom ones; none for a deprecated version. */
  readonly stages: readonly string[];
  /** When it was made, in seconds since the epoch. */
  readonly created: number;
}

const CURRENT = 'AWSCURRENT';
const PREVIOUS = 'AWSPREVIOUS';
const MAX_BYTES = 65_536;

/** A secret with its versions. */
export class Secret {
  /** Restores a secret from an earlier run. */
  static restored(name: string, content: JsonObject): Secret {
    const secret = new Secret(text(content.arn) ?? '', name);
    secret.created = number(content.created) ?? secret.created;
    secret.deletion = number(content.deletion);
    secret.description = text(content.description);
    secret.tag(content.tags);
    for (const one of records(content.versions) as unknown as SecretVersion[]) secret.all.set(one.id, one);
    return secret;
  }

  /** When it was made, in seconds since the epoch. */
  created = Date.now() / 1000;
  /** When it will be deleted, in seconds since the epoch. */
  deletion: number | undefined;
  description: string | undefined;
  /** Tags, by key. */
  readonly tags = new Map<string, string>();
  private readonly all = new Map<string, SecretVersion>();

  constructor(
    readonly arn: string,
    readonly name: string,
  ) {}

  /** The data to save for the next run. */
  get content(): JsonObject {
    const { arn, created, deletion, description } = this;
    const tags = [...this.tags].map(([Key, Value]) => ({ Key, Value }));
    return { arn, created, deletion, description, tags, versions: [...this.all.values()] };
  }

  /** Adds tags, in API form. */
  tag(tags: unknown): void {
    for (const { Key, Value } of records(tags)) this.tags.set(text(Key) ?? '', text(Value) ?? '');
  }

  /** Its versions, latest first. */
  get versions(): readonly SecretVersion[] {
    return [...this.all.values()].reverse();
  }

  /**
   * Adds a version. The same token with the same value is a retry.
   * @throws AwsError for a token already used with another value
   */
  put(value: SecretValue, token: string = randomUUID(), stages: readonly string[] = [CURRENT]): SecretVersion {
    const known = this.all.get(token);
    if (known) {
      if (known.value.SecretString === value.SecretString && known.value.SecretBinary === value.SecretBinary)
        return known;
      const message = `You can't use ClientRequestToken ${token} because that value is already in use for a version of secret ${this.arn}.`;
      throw new AwsError('ResourceExistsException', message);
    }
    this.all.set(token, { id: token, value, stages: [], created: Date.now() / 1000 });
    // The first version is always current.
    const wanted = this.all.size === 1 && !stages.includes(CURRENT) ? [...stages, CURRENT] : stages;
    for (const stage of wanted) this.move(stage, token);
    return this.all.get(token)!;
  }

  /**
   * The version with an id, a stage, or both.
   * @throws AwsError when there is none
   */
  select(id: string | undefined, stage: string | undefined): SecretVersion {
    const label = stage ?? (id === undefined ? CURRENT : undefined);
    const found = this.versions.find(
      (one) => (id === undefined || one.id === id) && (label === undefined || one.stages.includes(label)),
    );
    if (found) return found;
    const what = id === undefined ? `staging label: ${label}` : `VersionId: ${id}`;
    throw new AwsError(
      'ResourceNotFoundException',
      `Secrets Manager can't find the specified secret value for ${what}`,
    );
  }

  /** Moves a stage from one version to another; the former current version becomes the previous one. */
  move(stage: string, to: string | undefined): void {
    const before = this.versions.find(({ stages }) => stages.includes(stage));
    if (before?.id === to) return;
    this.without(stage);
    if (to !== undefined) this.give(to, stage);
    if (stage === CURRENT && before) {
      this.without(PREVIOUS);
      this.give(before.id, PREVIOUS);
    }
  }

  /** Whether there is a version with an id. */
  has(id: string): boolean {
    return this.all.has(id);
  }

  private without(stage: string): void {
    for (const one of this.all.values()) {
      this.all.set(one.id, { ...one, stages: one.stages.filter((other) => other !== stage) });
    }
  }

  private give(id: string, stage: string): void {
    const version = this.all.get(id)!;
    this.all.set(id, { ...version, stages: [...version.stages, stage] });
  }
}

/**
 * The value in a request, if any.
 * @throws AwsError for two values, or one too large
 */
export function valueOf(input: JsonObject): SecretValue | undefined {
  const SecretString = text(input.SecretString);
  const SecretBinary = text(input.SecretBinary);
  if (SecretString !== undefined && SecretBinary !== undefined) {
    const message = "You can't specify both a binary secret value and a string secret value in the same secret.";
    throw new AwsError('InvalidParameterException', message);
  }
  const size =
    SecretString === undefined ? Buffer.from(SecretBinary ?? '', 'base64').length : Buffer.byteLength(SecretString);
  if (size > MAX_BYTES) {
    const name = SecretString === undefined ? 'secretBinary' : 'secretString';
    const message = `1 validation error detected: Value at '${name}' failed to satisfy constraint: Member must have length less than or equal to ${MAX_BYTES}`;
    throw new AwsError('ValidationException', message);
  }
  if (SecretString !== undefined) return { SecretString };
  return SecretBinary === undefined ? undefined : { SecretBinary };
}

/** The stages in a request, if any. */
export function stagesOf(input: JsonObject): readonly string[] | undefined {
  const stages = texts(input.VersionStages);
  return stages.length > 0 ? stages : undefined;
}
