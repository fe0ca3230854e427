import type { PolicyDocument } from '../../../../access';
import type { Caller } from '../../kernel/caller';
import type { Deployed } from '../../kernel/deployment';
import { isRecord, type JsonObject, recordOf, records, texts } from '../../kernel/json';

/** The anonymous caller: allowed only what a bucket policy grants everyone. */
export const ANONYMOUS: Caller = { accessKeyId: '', name: 'anonymous', arn: 'anonymous', policies: { identity: [] } };

/** Condition keys that, with non-wildcard values, make a statement with principal `*` non-public. */
const FEW =
  /^aws:(sourceip|sourcearn|sourcevpc|sourcevpce|sourceowner|sourceaccount|userid|principalorgid|principalorgpaths|principalarn|principalaccount)$|^s3:(x-amz-server-side-encryption-aws-kms-key-id|dataaccesspointarn|dataaccesspointaccount)$/i;

/**
 * Whether the public access block denies anonymous access, whatever the bucket policy says. A bucket that sets
 * none has all of it enabled.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
 */
export function isClosed({ properties }: Deployed): boolean {
  const block = properties.PublicAccessBlockConfiguration;
  return !isRecord(block) || isOn(block, 'RestrictPublicBuckets') || isOn(block, 'BlockPublicPolicy');
}

/** Whether a bucket rejects public policies: on AWS the deployment fails. */
export function blocksPublicPolicy({ properties }: Deployed): boolean {
  const block = properties.PublicAccessBlockConfiguration;
  return !isRecord(block) || isOn(block, 'BlockPublicPolicy');
}

/**
 * Whether a policy is public by S3's definition.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
 */
export function isPublic(policy: PolicyDocument | undefined): boolean {
  return records(policy?.Statement).some(
    ({ Effect, Principal, Condition }) => Effect === 'Allow' && isEverybody(Principal) && !isOfFew(recordOf(Condition)),
  );
}

function isEverybody(principal: unknown): boolean {
  return principal === '*' || texts(recordOf(principal).AWS).includes('*');
}

function isOfFew(condition: JsonObject): boolean {
  return Object.entries(condition).some(
    ([operator, keys]) =>
      !/^(ForAllValues:)?.*Not|IfExists$/i.test(operator) &&
      Object.entries(recordOf(keys)).some(
        ([key, values]) =>
          FEW.test(key) && texts(values).every((value) => !/^[*?]+$/.test(value) && value !== '0.0.0.0/0'),
      ),
  );
}

function isOn(block: JsonObject, name: string): boolean {
  return String(block[name]) === 'true';
}
