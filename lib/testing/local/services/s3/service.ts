import { AwsError } from '../../kernel/aws-errors';
import { judgeKeysOfDelivery } from '../../kernel/encryption-key';
import { objectKeys } from './object-keys';
import { encryptionHeaders } from './properties';
import type { Call, HttpResponse } from '../../kernel/call';
import type { Deployed } from '../../kernel/deployment';
import { type JsonObject, recordOf, records, text } from '../../kernel/json';
import type { Delivery, LocalContext, LocalService } from '../../kernel/service';
import { blocksPublicPolicy, isPublic } from './anonymous';
import { s3Front } from './front';
import { KeptObjects } from './kept';
import { listBuckets } from './listing';
import { deleteObjects } from './delete-object';
import { actionOn, s3Needs } from './needs';
import { NOTIFICATIONS } from './notifications';
import { Notifier } from './notifier';
import { etagOf, type ObjectsContext } from './object-operation';
import { OPERATIONS, SERVED } from './operation-table';
import { bucketFaults } from './refusals';
import { type S3Request, s3Request } from './request';
import { Bucket, type Versioning } from './store';

const BUCKET = 'AWS::S3::Bucket';
/** The ARN of an object. */
const OBJECT = /^arn:[^:]+:s3:::([^/]+)\/(.+)$/;

/** Amazon S3: the templates' buckets, in memory, and their events. */
export function s3(context: LocalContext): LocalService {
  const deployed = [...context.deployment.ofType(BUCKET)];
  const kept = new KeptObjects(context.data);
  const buckets = new Map(deployed.map((one) => [one.name, bucketFor(one)]));
  const notifier = new Notifier(context);
  const operations: ObjectsContext = {
    bucketOf,
    changed: (name, { settings }, { key, versionId, body, etag }) =>
      notifier.begin({
        name,
        bucket: settings.name,
        key,
        ...(settings.versioning !== 'Off' && versionId !== undefined && { versionId }),
        ...(name.startsWith('ObjectCreated') &&
          body &&
          etag !== undefined && { size: body.length, etag: etag.replaceAll('"', '') }),
      }),
  };

  async function start(): Promise<void> {
    kept.open();
    for (const bucket of buckets.values()) kept.load(bucket);
    deployed.forEach(report);
  }

  function bucketFor(one: Deployed): Bucket {
    return new Bucket(settingsOf(one), kept.of(one.name));
  }

  function make(one: Deployed): void {
    if (one.type !== BUCKET) return;
    const bucket = bucketFor(one);
    deployed.push(one);
    buckets.set(one.name, bucket);
    kept.load(bucket);
    report(one);
  }

  function report({ displayName: resource, type, properties, given }: Deployed): void {
    const tell = (reason: string) => context.unsupported({ resource, type, reason });
    for (const fault of bucketFaults(given)) tell(`AWS refuses to create it: ${fault}`);
    if (properties.ObjectLockEnabled === true) tell('objects are not locked: retention and legal holds are refused');
    if (properties.ReplicationConfiguration !== undefined) tell('objects are not replicated');
    if (properties.NotificationConfiguration !== undefined && expires(properties)) {
      tell('its lifecycle does not run: nothing expires, and no expiration is notified');
    }
    if (properties.WebsiteConfiguration !== undefined) tell('its website is not served: no index, no error document');
  }

  /** Reports a blocked public policy: on AWS the deployment would fail. */
  function reportPublic(bucket: Deployed): void {
    if (!blocksPublicPolicy(bucket) || !isPublic(context.policies.ofResource(bucket.arn))) return;
    const reason = 'its policy is public and its public access block refuses that: on AWS the stack fails';
    context.unsupported({ resource: bucket.displayName, type: bucket.type, reason });
  }

  function bucketOf(name: string): Bucket {
    const bucket = buckets.get(name);
    if (bucket) return bucket;
    throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: name });
  }

  async function handle(call: Call): Promise<HttpResponse> {
    const request = s3Request(call.request)!;
    if (call.operation === 'ListBuckets') return listBuckets(buckets.values());
    const bucket = bucketOf(request.bucket);
    try {
      if (call.operation === 'DeleteObjects') {
        return deleteObjects(request, bucket, operations, (key, version) => refusedKey(call, bucket, key, version));
      }
      return OPERATIONS[call.operation]!(request, bucket, operations);
    } catch (error) {
      throw error instanceof AwsError && error.code === 'NoSuchKey' ? hidden(call, request, error) : error;
    }
  }

  function tagsOf(name: string, key: string, id: string | undefined): Readonly<Record<string, string>> {
    const bucket = buckets.get(name);
    const version = id === undefined ? bucket?.latest(key) : bucket?.version(key, id);
    return version?.tags ?? {};
  }

  /** Without permission to list the bucket, a missing key is answered with access denied. */
  function hidden({ caller }: Call, { bucket }: S3Request, missing: AwsError): AwsError {
    const denial = context.access.refusal(caller, [{ action: 's3:ListBucket', resource: `arn:aws:s3:::${bucket}` }]);
    return denial ? new AwsError('AccessDenied', denial.message, 403) : missing;
  }

  function refusedKey(
    { caller }: Call,
    { settings }: Bucket,
    key: string,
    version: string | undefined,
  ): AwsError | undefined {
    const action = `s3:${actionOn('DeleteObject', version !== undefined)}`;
    const denial = context.access.refusal(caller, [{ action, resource: `arn:aws:s3:::${settings.name}/${key}` }]);
    return denial && new AwsError('AccessDenied', denial.message, 403);
  }

  /** Writes a service's delivery to a bucket: records discarded by an event source. */
  async function receive({ target, payload, sender }: Delivery): Promise<void> {
    const { bucket, key } = objectAt(target)!;
    const need = { action: 's3:PutObject', resource: target };
    context.judgeDelivery(sender, need);
    judgeKeysOfDelivery(context, need, sender, { code: 'AccessDenied', status: 403 });
    const body = Buffer.from(JSON.stringify(payload));
    const headers = { 'content-type': 'application/json', ...encryptionHeaders({ value: () => undefined }, bucket) };
    const written = bucket.put(key, { body, etag: etagOf(body), headers, metadata: {}, tags: {} });
    operations.changed('ObjectCreated:Put', bucket, written);
  }

  /** The object of an ARN, in one of the templates' buckets. */
  function objectAt(arn: string): { readonly bucket: Bucket; readonly key: string } | undefined {
    const [, name = '', key = ''] = OBJECT.exec(arn) ?? [];
    const bucket = buckets.get(name);
    return bucket && { bucket, key };
  }

  return {
    resourceTypes: [BUCKET, 'AWS::S3::BucketPolicy', NOTIFICATIONS],
    api: {
      signingNames: ['s3'],
      protocol: 's3',
      denial: { code: 'AccessDenied', status: 403 },
      operation: (request) => s3Request(request)?.operation,
      needs: ({ request, operation }) => {
        const found = SERVED.includes(operation) ? s3Request(request) : undefined;
        return found && s3Needs(found, tagsOf);
      },
      keys: ({ request }) => objectKeys(s3Request(request)!, (name) => buckets.get(name)),
      handle,
      front: s3Front((name) => deployed.find((one) => one.name === name)),
    },
    writers: [BUCKET],
    start,
    make,
    begin: async () => {
      deployed.forEach(reportPublic);
      await Promise.all(deployed.map((bucket) => notifier.validate(bucket)));
    },
    receives: (arn) => objectAt(arn) !== undefined,
    receive,
    pending: async () => (notifier.left > 0 ? [`${notifier.left} notifications of buckets`] : []),
    stop: () => notifier.stop(),
  };
}

/** Since 2023, ACLs are disabled by default. */
function settingsOf({ name, region, properties }: Deployed): Bucket['settings'] {
  const status = text(recordOf(properties.VersioningConfiguration).Status);
  const ownership = text(records(recordOf(properties.OwnershipControls).Rules)[0]?.ObjectOwnership);
  const versioning: Versioning = status === 'Enabled' || status === 'Suspended' ? status : 'Off';
  const rules = records(recordOf(properties.BucketEncryption).ServerSideEncryptionConfiguration);
  const byDefault = recordOf(rules[0]?.ServerSideEncryptionByDefault);
  const key = text(byDefault.KMSMasterKeyID);
  const encryption = {
    algorithm: text(byDefault.SSEAlgorithm) ?? 'AES256',
    key,
    bucketKey: String(rules[0]?.BucketKeyEnabled) === 'true',
  };
  return { name, region, versioning, encryption, acls: ownership !== undefined && ownership !== 'BucketOwnerEnforced' };
}

/** Whether a lifecycle expires objects, not just leftovers. */
function expires({ LifecycleConfiguration }: JsonObject): boolean {
  return records(recordOf(LifecycleConfiguration).Rules).some(({ ExpirationInDays: days }) => days !== undefined);
}
