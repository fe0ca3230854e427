import { createHash } from 'node:crypto';
import { AwsError } from '../../kernel/aws-errors';
import { type JsonObject, recordOf, records, text, texts } from '../../kernel/json';
import { checkPattern } from './allowed-pattern';

/** One version of a parameter. */
export interface ParameterVersion {
  /** From 1 on. */
  readonly version: number;
  /** The value, unencrypted. */
  readonly value: string;
  /** `String`, `StringList` or `SecureString`. */
  readonly type: string;
  /** `text`, `aws:ec2:image`. */
  readonly dataType: string;
  /** `Standard`, `Advanced`. */
  readonly tier: string;
  /** The pattern of allowed values. */
  readonly allowedPattern?: string;
  readonly description?: string;
  readonly labels: readonly string[];
  /** When it was written, in seconds since the epoch. */
  readonly modified: number;
}

/** Maximum versions kept. */
const MAX_VERSIONS = 100;
/** Maximum characters of a value. */
const MAX_VALUE: Readonly<Record<string, number>> = { Standard: 4096, Advanced: 8192 };

/** A parameter with its versions, latest last. */
export class Parameter {
  /** Restores a parameter stored by an earlier run. */
  static restored(name: string, content: JsonObject): Parameter {
    const parameter = new Parameter(name);
    parameter.versions.push(...(records(content.versions) as unknown as ParameterVersion[]));
    for (const [key, value] of Object.entries(recordOf(content.tags))) parameter.tags.set(key, text(value) ?? '');
    return parameter;
  }

  /** Tags, by key. */
  readonly tags = new Map<string, string>();
  private readonly versions: ParameterVersion[] = [];

  /** @param name with its path, as given */
  constructor(readonly name: string) {}

  /** The state to store for the next run. */
  get content(): JsonObject {
    return { versions: this.versions, tags: Object.fromEntries(this.tags) };
  }

  get latest(): ParameterVersion {
    return this.versions.at(-1)!;
  }

  /** All versions, the oldest first. */
  get history(): readonly ParameterVersion[] {
    return this.versions;
  }

  /** The version with a number or label; by default the latest. */
  select(selector: string | undefined): ParameterVersion | undefined {
    if (selector === undefined) return this.latest;
    const byNumber = /^\d+$/.test(selector);
    return this.versions.find(({ version, labels }) =>
      byNumber ? version === Number(selector) : labels.includes(selector),
    );
  }

  write(version: Omit<ParameterVersion, 'version' | 'labels' | 'modified'>): ParameterVersion {
    const number = (this.versions.at(-1)?.version ?? 0) + 1;
    this.versions.push({ ...version, version: number, labels: [], modified: Date.now() / 1000 });
    if (this.versions.length > MAX_VERSIONS) {
      if (this.versions[0]!.labels.length > 0) {
        this.versions.pop();
        const message = `You attempted to create a new version of ${this.name} by calling the PutParameter API with the overwrite flag. Version ${this.versions[0]!.version}, the oldest version, can't be deleted because it has a label associated with it. Move the label to another version of the parameter, and try again.`;
        throw new AwsError('ParameterMaxVersionLimitExceeded', message);
      }
      this.versions.shift();
    }
    return this.latest;
  }

  /** Labels a version, moving the label from any other. */
  label(version: ParameterVersion, labels: readonly string[]): void {
    this.versions.forEach((one, index) => {
      const kept = one.labels.filter((label) => !labels.includes(label));
      this.versions[index] = { ...one, labels: one === version ? [...kept, ...labels] : kept };
    });
  }
}

/**
 * What `PutParameter` writes.
 * @param before the version it replaces
 * @throws AwsError when Systems Manager refuses it
 */
export function newVersion(
  input: JsonObject,
  before: ParameterVersion | undefined,
): Omit<ParameterVersion, 'version' | 'labels' | 'modified'> {
  const invalid = (message: string) => new AwsError('ValidationException', message);
  const value = text(input.Value) ?? '';
  const type = text(input.Type) ?? before?.type;
  if (type === undefined) throw invalid('A parameter type is required when you create a parameter.');
  if (!['String', 'StringList', 'SecureString'].includes(type)) {
    throw invalid(
      `1 validation error detected: Value '${type}' at 'type' failed to satisfy constraint: Member must satisfy enum value set: [SecureString, StringList, String]`,
    );
  }
  if (value === '') {
    throw invalid(
      "1 validation error detected: Value '' at 'value' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  }
  if (/\{\{.*\}\}/s.test(value)) {
    throw invalid('Parameter value can\'t nest another parameter. Do not use "{{}}" in the value.');
  }
  const dataType = text(input.DataType) ?? before?.dataType ?? 'text';
  checkDataType(dataType, type);
  const tier = tierOf(text(input.Tier), before?.tier, value);
  const pattern = text(input.AllowedPattern);
  if (pattern !== undefined) checkPattern(pattern, value, type);
  const description = text(input.Description);
  return {
    value,
    type,
    tier,
    dataType,
    ...(pattern !== undefined && { allowedPattern: pattern }),
    description,
  };
}

function checkDataType(dataType: string, type: string): void {
  const message = !['text', 'aws:ec2:image', 'aws:ssm:integration'].includes(dataType)
    ? `The following data type is not supported: ${dataType}. (Data type names are all lowercase.)`
    : dataType === 'aws:ec2:image' && type !== 'String'
      ? `The aws:ec2:image data type is not supported for the following input type: ${type}`
      : undefined;
  if (message !== undefined) throw new AwsError('ValidationException', message);
}

function tierOf(asked: string | undefined, before: string | undefined, value: string): string {
  const standard = MAX_VALUE.Standard!;
  const tier =
    asked === 'Intelligent-Tiering'
      ? value.length > standard
        ? 'Advanced'
        : 'Standard'
      : (asked ?? before ?? 'Standard');
  const limit = MAX_VALUE[tier] ?? standard;
  if (value.length <= limit) return tier;
  throw new AwsError(
    'ValidationException',
    tier === 'Standard'
      ? `Standard tier parameters support a maximum parameter value of ${limit} characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier. For more information, see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html`
      : `Advanced tier parameters support a maximum parameter value of ${limit} characters.`,
  );
}

/**
 * The name of a new parameter.
 * @throws AwsError when it is invalid
 */
export function checkName(name: string): void {
  const invalid = (message: string) => new AwsError('ValidationException', message);
  if (name.includes('/') && !name.startsWith('/')) throw invalid('Parameter name must be a fully qualified name.');
  if (!/^[\w.\-/]+$/.test(name) || /\/\/|.\/$/.test(name)) {
    throw invalid(
      'Parameter name: only a mix of letters, numbers and the following 4 symbols .-_/ are allowed; a slash at the end, or two in a row, is not.',
    );
  }
  if (/^\/?(aws|ssm)/i.test(name)) {
    throw /^\/?aws/i.test(name)
      ? new AwsError('AccessDeniedException', `No access to reserved parameter name: ${name}.`)
      : invalid(
          'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_',
        );
  }
  if (name.split('/').length - 1 > 15) {
    const message = 'A hierarchy can have a maximum of 15 levels.';
    throw new AwsError('HierarchyLevelLimitExceededException', message);
  }
}

/** The ciphertext of an encrypted value read without decryption; the same for the same value. */
export function ciphertext(value: string): string {
  return `AQICAH${createHash('sha512').update(value).digest('base64')}`;
}

/** Whether a parameter passes the filters of `GetParametersByPath` or `DescribeParameters`. */
export function isWanted({ name, latest, tags }: Parameter, filters: unknown): boolean {
  return records(filters).every(({ Key, Option, Values }) => {
    const key = text(Key) ?? '';
    const option = text(Option) ?? 'Equals';
    const values = texts(Values);
    const own: Readonly<Record<string, readonly string[]>> = {
      Name: [name, name.replace(/^\//, '')],
      Type: [latest.type],
      Tier: [latest.tier],
      DataType: [latest.dataType],
      Label: latest.labels,
    };
    const tag = key.startsWith('tag:') ? tags.get(key.slice(4)) : undefined;
    const held = tag === undefined ? own[key] : [tag];
    if (!held || !['Equals', 'BeginsWith', 'Contains'].includes(option)) {
      if (key.startsWith('tag:')) return false;
      const message = `The local run does not answer filters by '${key}' with '${option}'.`;
      throw new AwsError('LocalRunUnsupported', message, 501);
    }
    if (option === 'BeginsWith') return values.some((value) => held.some((one) => one.startsWith(value)));
    if (option === 'Contains') return values.some((value) => held.some((one) => one.includes(value)));
    return values.some((value) => held.includes(value));
  });
}
