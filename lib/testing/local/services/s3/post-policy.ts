import { AwsError } from '../../kernel/aws-errors';
import { isRecord, asList, number, parseJson, recordOf, text, texts } from '../../kernel/json';

/** A form upload to check against its signed policy. */
export interface PostRequest {
  /** The name of the bucket. */
  readonly bucket: string;
  /** The fields by lower-case name, with variables replaced. */
  readonly fields: ReadonlyMap<string, string>;
  /** The size of the file, in bytes. */
  readonly size: number;
}

/** Fields that need no condition. */
const FREE = /^(x-amz-signature|signature|awsaccesskeyid|file|policy|x-ignore-.*)$/;

/**
 * Checks a form against its policy.
 * @param encoded the policy, in base64
 * @throws AwsError when the policy is malformed or expired, or does not allow the form
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
 */
export function checkPolicy(encoded: string, request: PostRequest): void {
  const policy = parseJson(Buffer.from(encoded, 'base64').toString());
  if (!isRecord(policy)) throw malformed('Invalid JSON.');
  const expiration = text(policy.expiration);
  if (expiration === undefined) throw malformed('Policy missing expiration.');
  const end = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(expiration) ? Date.parse(expiration) : NaN;
  if (Number.isNaN(end)) throw malformed(`Invalid 'expiration' value: '${expiration}'`);
  if (!Array.isArray(policy.conditions)) throw malformed('Policy missing conditions.');
  if (end < Date.now()) throw refused('Policy expired.');
  const named = new Set<string>();
  for (const condition of policy.conditions.flatMap(conditionsOf)) {
    if (condition.length !== 3) throw malformed('Invalid Condition: wrong number of arguments.');
    named.add(checkCondition(condition, request));
  }
  const extra = [...request.fields.keys()].filter((name) => !named.has(name) && !FREE.test(name));
  if (extra.length > 0) throw refused(`Extra input fields: ${extra.join(', ')}`);
}

/** `{ acl: 'private', bucket: 'b' }` is shorthand for two lists. */
function conditionsOf(condition: unknown): readonly (readonly unknown[])[] {
  if (!isRecord(condition)) return [asList(condition)];
  return Object.entries(recordOf(condition)).map(([name, value]) => ['eq', `$${name}`, value]);
}

/** @returns the field it covers */
function checkCondition(condition: readonly unknown[], { bucket, fields, size }: PostRequest): string {
  const [kind, second, third] = condition;
  const operator = text(kind)?.toLowerCase();
  if (operator === 'content-length-range') return checkSize(number(second), number(third), size);
  const name = (text(second) ?? '').replace(/^\$/, '').toLowerCase();
  const expected = text(third) ?? '';
  const value = name === 'bucket' ? bucket : fields.get(name);
  if (operator !== 'eq' && operator !== 'starts-with')
    throw malformed(`Invalid Condition: unknown operation '${operator}'.`);
  // In a list of content types, every one must have the prefix.
  const parts = name === 'content-type' && operator === 'starts-with' ? (value ?? '').split(/,\s*/) : [value ?? ''];
  const holds = operator === 'eq' ? value === expected : parts.every((part) => part.startsWith(expected));
  if (!holds) throw refused(`Policy Condition failed: ${JSON.stringify(texts(condition)).replaceAll('","', '", "')}`);
  return name;
}

function checkSize(min = 0, max = Infinity, size: number): string {
  if (size > max) {
    const fields = { ProposedSize: String(size), MaxSizeAllowed: String(max) };
    throw new AwsError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', 400, fields);
  }
  if (size < min) {
    const fields = { ProposedSize: String(size), MinSizeAllowed: String(min) };
    throw new AwsError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', 400, fields);
  }
  return 'content-length-range';
}

function malformed(message: string): AwsError {
  return new AwsError('InvalidPolicyDocument', `Invalid Policy: ${message}`, 400);
}

function refused(message: string): AwsError {
  return new AwsError('AccessDenied', `Invalid according to Policy: ${message}`, 403);
}
