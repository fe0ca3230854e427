import { AwsError } from '../../kernel/aws-errors';
import type { Call, HttpResponse } from '../../kernel/call';
import type { Deployed } from '../../kernel/deployment';
import { messageOf } from '../../kernel/errors';
import { record, records, text } from '../../kernel/json';
import type { Delivery, LocalContext, LocalService } from '../../kernel/service';
import { refusedDestinations } from './destinations';
import { loadBuckets, saveBuckets } from './kept';
import { listBuckets, listObjects, listObjectsV2, listObjectVersions } from './listing';
import { actionOn, s3Needs } from './needs';
import {
  bridgeEvent,
  type BucketNotifications,
  concerns,
  NOTIFICATIONS,
  notificationsOf,
  type ObjectEvent,
  s3Event,
} from './notifications';
import * as objects from './objects';
import { type S3Request, s3Request } from './request';
import { Bucket, type Versioning } from './store';
import * as uploads from './uploads';
import { xmlResponse } from './xml';

const BUCKET = 'AWS::S3::Bucket';
/** The ARN of an object. */
const OBJECT = /^arn:[^:]+:s3:::([^/]+)\/(.+)$/;

/** What is served on a bucket and its objects, beside the list of buckets and the deletion of many. */
const OPERATIONS: Readonly<Record<string, objects.ObjectOperation>> = {
  HeadBucket: (_, { settings }) => objects.answer(200, { 'x-amz-bucket-region': settings.region }),
  GetBucketLocation: (_, { settings: { region } }) =>
    xmlResponse('LocationConstraint', region === 'us-east-1' ? undefined : region),
  GetBucketVersioning: (_, { settings: { versioning } }) =>
    xmlResponse('VersioningConfiguration', versioning === 'Off' ? undefined : { Status: versioning }),
  ListObjects: listObjects,
  ListObjectsV2: listObjectsV2,
  ListObjectVersions: listObjectVersions,
  PutObject: objects.putObject,
  CopyObject: objects.copyObject,
  GetObject: objects.getObject,
  HeadObject: objects.headObject,
  DeleteObject: objects.deleteObject,
  GetObjectAttributes: objects.getObjectAttributes,
  GetObjectTagging: objects.getObjectTagging,
  PutObjectTagging: objects.putObjectTagging,
  DeleteObjectTagging: objects.deleteObjectTagging,
  CreateMultipartUpload: uploads.createMultipartUpload,
  UploadPart: uploads.uploadPart,
  UploadPartCopy: uploads.uploadPartCopy,
  CompleteMultipartUpload: uploads.completeMultipartUpload,
  AbortMultipartUpload: uploads.abortMultipartUpload,
  ListParts: uploads.listParts,
  ListMultipartUploads: uploads.listMultipartUploads,
};
const SERVED = [...Object.keys(OPERATIONS), 'ListBuckets', 'DeleteObjects'];

/** Amazon S3: the buckets of the templates in memory, and their events. */
export function s3(context: LocalContext): LocalService {
  const deployed = [...context.deployment.ofType(BUCKET)];
  const buckets = new Map(deployed.map((one) => [one.name, new Bucket(settingsOf(one))]));
  const told = new Map<string, BucketNotifications>();
  const telling = new Set<Promise<void>>();
  const operations: objects.ObjectsContext = {
    bucketOf,
    changed: (name, { settings }, { key, versionId, body, etag }) =>
      begin({
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
    loadBuckets(context.data, buckets.values());
    deployed.forEach(report);
  }

  function make(one: Deployed): void {
    if (one.type !== BUCKET) return;
    const bucket = new Bucket(settingsOf(one));
    deployed.push(one);
    buckets.set(one.name, bucket);
    loadBuckets(context.data, [bucket]);
    report(one);
  }

  function report({ displayName: resource, type, properties }: Deployed): void {
    const tell = (reason: string) => context.unsupported({ resource, type, reason });
    if (properties.ObjectLockEnabled === true) tell('objects are not locked: retention and legal holds are refused');
    if (properties.ReplicationConfiguration !== undefined) tell('objects are not replicated');
  }

  /** As on AWS, a bucket that may not notify one of its destinations notifies none. */
  async function validate(bucket: Deployed): Promise<void> {
    const { displayName: resource, type, name } = bucket;
    const all = notificationsOf(bucket, context.deployment);
    const refusals = await refusedDestinations(context, name, all.notifications);
    if (refusals.length === 0) return void told.set(name, all);
    const said = `unable to validate the following destination configurations: ${refusals.join('; ')}`;
    context.unsupported({ resource, type, reason: `its notifications are not set: ${said}` });
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
        return objects.deleteObjects(request, bucket, operations, (key, version) =>
          refusedKey(call, bucket, key, version),
        );
      }
      return OPERATIONS[call.operation]!(request, bucket, operations);
    } catch (error) {
      throw error instanceof AwsError && error.code === 'NoSuchKey' ? hidden(call, request, error) : error;
    }
  }

  /** Who may not list a bucket is not told that a key is missing. */
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

  function begin(event: ObjectEvent): void {
    const work = tell(event).finally(() => telling.delete(work));
    telling.add(work);
  }

  async function tell(event: ObjectEvent): Promise<void> {
    const { eventBridge = false, notifications = [] } = told.get(event.bucket) ?? {};
    const sender = { service: 's3.amazonaws.com', arn: `arn:aws:s3:::${event.bucket}` };
    const deliveries: Delivery[] = notifications
      .filter((one) => concerns(one, event))
      .map(({ target, id }) => ({ target, payload: s3Event(event, id, context.region), sender }));
    const bus = context.arn('events', 'event-bus/default');
    if (eventBridge) deliveries.push({ target: bus, payload: bridgeEvent(event, context), sender });
    await Promise.all(deliveries.map((delivery) => deliver(delivery, event.bucket)));
  }

  /** What fails although it was validated is seen in the log. */
  async function deliver(delivery: Delivery, bucket: string): Promise<void> {
    try {
      await context.deliver(delivery);
    } catch (error) {
      const source = deployed.find(({ name }) => name === bucket)?.displayName ?? bucket;
      context.logs.write(source, `ERROR notification of ${delivery.target} failed: ${messageOf(error)}`);
    }
  }

  /** What a service writes into a bucket: records that an event source gave up. */
  async function receive({ target, payload, sender }: Delivery): Promise<void> {
    const { bucket, key } = objectAt(target)!;
    context.judgeDelivery(sender, { action: 's3:PutObject', resource: target });
    const body = Buffer.from(JSON.stringify(payload));
    const headers = { 'content-type': 'application/json' };
    const written = bucket.put(key, { body, etag: objects.etagOf(body), headers, metadata: {}, tags: {} });
    operations.changed('ObjectCreated:Put', bucket, written);
  }

  /** The object that an ARN names, in a bucket of the templates. */
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
        return found && s3Needs(found);
      },
      handle,
    },
    writers: [BUCKET],
    start,
    make,
    begin: async () => void (await Promise.all(deployed.map(validate))),
    receives: (arn) => objectAt(arn) !== undefined,
    receive,
    pending: async () => (telling.size > 0 ? [`${telling.size} notifications of buckets`] : []),
    stop: async () => {
      await Promise.allSettled(telling);
      saveBuckets(context.data, buckets.values());
    },
  };
}

/** Since 2023 a bucket has no access control lists unless it says so. */
function settingsOf({ name, region, properties }: Deployed): Bucket['settings'] {
  const status = text(record(properties.VersioningConfiguration).Status);
  const ownership = text(records(record(properties.OwnershipControls).Rules)[0]?.ObjectOwnership);
  const versioning: Versioning = status === 'Enabled' || status === 'Suspended' ? status : 'Off';
  return { name, region, versioning, acls: ownership !== undefined && ownership !== 'BucketOwnerEnforced' };
}
