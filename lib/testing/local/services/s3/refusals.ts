import { isRecord, type JsonObject, recordOf, records, text } from '../../kernel/json';
import { lifecycleFaults } from './lifecycle-faults';

/** How names of buckets must not begin or end. */
const RESERVED = /^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/;
const ADDRESS = /^\d+\.\d+\.\d+\.\d+$/;
const PUBLIC_ACLS = ['PublicRead', 'PublicReadWrite'];

/**
 * Why S3 refuses to create a template's bucket; empty if it accepts it. Its notifications are judged apart.
 * @param properties with null for what is not known
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
export function bucketFaults(properties: JsonObject): readonly string[] {
  const name = text(properties.BucketName);
  return [
    ...(name === undefined ? [] : nameFaults(name)),
    ...(properties.AccelerateConfiguration !== undefined && name?.includes('.')
      ? ['S3 Transfer Acceleration is not supported for buckets with periods (.) in their names']
      : []),
    ...aclFaults(properties),
    ...encryptionFaults(properties),
    ...versioningFaults(properties),
    ...lifecycleFaults(properties.LifecycleConfiguration),
  ];
}

function nameFaults(name: string): readonly string[] {
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)) {
    return [`a bucket's name has 3 to 63 lower-case letters, digits, hyphens and periods, got '${name}'`];
  }
  return name.includes('..') || ADDRESS.test(name) || RESERVED.test(name)
    ? [`'${name}' is a name that no bucket may have`]
    : [];
}

/** Unless its block is off, a new bucket blocks public access. */
function aclFaults({ AccessControl, PublicAccessBlockConfiguration }: JsonObject): readonly string[] {
  const block =
    PublicAccessBlockConfiguration === null ? null : recordOf(PublicAccessBlockConfiguration).BlockPublicAcls;
  const open = block === null || String(block) === 'false';
  return PUBLIC_ACLS.includes(text(AccessControl) ?? '') && !open
    ? ['Bucket cannot have public ACLs set with BlockPublicAccess enabled']
    : [];
}

function encryptionFaults({ BucketEncryption }: JsonObject): readonly string[] {
  const defaults = records(recordOf(BucketEncryption).ServerSideEncryptionConfiguration).map((rule) =>
    recordOf(rule.ServerSideEncryptionByDefault),
  );
  return defaults.some(({ SSEAlgorithm, KMSMasterKeyID }) => SSEAlgorithm === 'AES256' && KMSMasterKeyID !== undefined)
    ? ['a key is for the algorithms aws:kms and aws:kms:dsse']
    : [];
}

function versioningFaults(properties: JsonObject): readonly string[] {
  const { ReplicationConfiguration, ObjectLockEnabled, ObjectLockConfiguration } = properties;
  const versioning = properties.VersioningConfiguration;
  const status = versioning === null ? null : recordOf(versioning).Status;
  const off = status !== null && status !== 'Enabled';
  const locked = ObjectLockEnabled === null || String(ObjectLockEnabled) === 'true';
  const retention = recordOf(recordOf(recordOf(ObjectLockConfiguration).Rule).DefaultRetention);
  const units = ['Days', 'Years'].filter((unit) => retention[unit] !== undefined).length;
  return [
    ...(isRecord(ReplicationConfiguration) && off && !locked
      ? ['Versioning must be enabled on the bucket to apply a replication configuration']
      : []),
    ...(locked && status === 'Suspended' ? ['versioning cannot be suspended where objects may be locked'] : []),
    ...(isRecord(ObjectLockConfiguration) && !locked && off
      ? ['Versioning must be enabled on the bucket to apply an Object Lock configuration']
      : []),
    ...(Object.keys(retention).length > 0 && units !== 1 ? ['DefaultRetention has either Days or Years'] : []),
  ];
}
