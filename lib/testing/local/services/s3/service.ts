import { AwsError } from '../../kernel/aws-errors';
import type { Call, HttpRequest, HttpResponse } from '../../kernel/call';
import { startFauxqs } from '../../../engines/fauxqs';
import type { Program } from '../../../engines/program';
import { messageOf } from '../../kernel/errors';
import { type Forwarded, forward } from '../../kernel/forward';
import { deletedKeys, s3Needs } from './needs';
import { bridgeEvent, concerns, notificationsOf, type ObjectEvent, s3Event } from './notifications';
import { s3Request } from './request';
import type { Delivery, LocalContext, LocalService } from '../../kernel/service';

const BUCKET = 'AWS::S3::Bucket';
/** The ARN of an object. */
const OBJECT = /^arn:[^:]+:s3:::([^/]+)\/(.+)$/;
const EVENTS: Readonly<Record<string, string>> = {
  PutObject: 'ObjectCreated:Put',
  CopyObject: 'ObjectCreated:Copy',
  CompleteMultipartUpload: 'ObjectCreated:CompleteMultipartUpload',
  DeleteObject: 'ObjectRemoved:Delete',
  DeleteObjects: 'ObjectRemoved:Delete',
};

/** Amazon S3: the buckets of the templates, with an engine that keeps them in memory, and their events. */
export function s3(context: LocalContext): LocalService {
  const buckets = context.deployment.ofType(BUCKET);
  const told = new Map(buckets.map((bucket) => [bucket.name, notificationsOf(bucket, context.deployment)]));
  const telling = new Set<Promise<void>>();
  let engine: Program | undefined;

  async function start(): Promise<void> {
    if (buckets.length === 0) return;
    const started = await startFauxqs();
    engine = started;
    context.runsOn(`S3 on ${started.name}`);
    for (const { displayName: resource, type, name, properties } of buckets) {
      await forward(started.port, plain('PUT', `/${name}`));
      if (properties.VersioningConfiguration !== undefined) {
        context.unsupported({ resource, type, reason: 'versions of objects are not kept: the last one is there' });
      }
    }
  }

  async function handle({ operation, request }: Call): Promise<HttpResponse> {
    const found = s3Request(request);
    if (!engine || !found) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404);
    const response = await forward(engine.port, request);
    const name = EVENTS[operation];
    if (response.status < 300 && name !== undefined) {
      const keys = operation === 'DeleteObjects' ? deletedKeys(request) : [found.key];
      for (const key of keys) begin({ name, bucket: found.bucket, key });
    }
    return response;
  }

  function begin(event: ObjectEvent): void {
    const work = tell(event).finally(() => telling.delete(work));
    telling.add(work);
  }

  async function tell(event: ObjectEvent): Promise<void> {
    const { eventBridge = false, notifications = [] } = told.get(event.bucket) ?? {};
    const concerned = notifications.filter((one) => concerns(one, event));
    if (!eventBridge && concerned.length === 0) return;
    const whole = event.name.startsWith('ObjectCreated') ? { ...event, ...(await described(event)) } : event;
    const sender = { service: 's3.amazonaws.com', arn: `arn:aws:s3:::${event.bucket}` };
    const deliveries: Delivery[] = concerned.map(({ target, id }) => ({
      target,
      payload: s3Event(whole, id, context.region),
      sender,
    }));
    const bus = context.arn('events', 'event-bus/default');
    if (eventBridge) deliveries.push({ target: bus, payload: bridgeEvent(whole, context), sender });
    await Promise.all(deliveries.map((delivery) => deliver(delivery, event.bucket)));
  }

  /** S3 refuses at deployment what it may not notify; here it is seen in the log. */
  async function deliver(delivery: Delivery, bucket: string): Promise<void> {
    try {
      await context.deliver(delivery);
    } catch (error) {
      const source = buckets.find(({ name }) => name === bucket)?.displayName ?? bucket;
      context.logs.write(source, `ERROR notification of ${delivery.target} failed: ${messageOf(error)}`);
    }
  }

  async function described({ bucket, key }: ObjectEvent): Promise<{ readonly size: number; readonly etag: string }> {
    const path = `/${bucket}/${encodeURIComponent(key).replaceAll('%2F', '/')}`;
    const { headers = {}, body = '' } = await forward(engine!.port, plain('GET', path));
    return { size: Buffer.byteLength(body), etag: String(headers.etag ?? '').replaceAll('"', '') };
  }

  /** What a service writes into a bucket: records that an event source gave up. */
  async function receive({ target, payload, sender }: Delivery): Promise<void> {
    const { bucket = '', key = '' } = objectAt(target) ?? {};
    context.judgeDelivery(sender, { action: 's3:PutObject', resource: target });
    const body = Buffer.from(JSON.stringify(payload));
    const { status } = await forward(engine!.port, { ...plain('PUT', `/${bucket}/${key}`), body });
    if (status >= 300) throw new AwsError('InternalError', `${target} answered ${status}`, 500);
    begin({ name: 'ObjectCreated:Put', bucket, key });
  }

  /** The object that an ARN names, in a bucket of the templates. */
  function objectAt(arn: string): { readonly bucket: string; readonly key: string } | undefined {
    const [, bucket = '', key = ''] = OBJECT.exec(arn) ?? [];
    return buckets.some(({ name }) => name === bucket) ? { bucket, key } : undefined;
  }

  return {
    resourceTypes: [BUCKET, 'AWS::S3::BucketPolicy', 'Custom::S3BucketNotifications'],
    api: {
      signingNames: ['s3'],
      protocol: 's3',
      denial: { code: 'AccessDenied', status: 403 },
      operation: (request) => s3Request(request)?.operation,
      needs: ({ request }) => needs(request),
      handle,
    },
    writers: [BUCKET],
    start,
    receives: (arn) => objectAt(arn) !== undefined,
    receive,
    pending: async () => (telling.size > 0 ? [`${telling.size} notifications of buckets`] : []),
    stop: async () => {
      await Promise.allSettled(telling);
      await engine?.stop();
    },
  };
}

function needs(request: HttpRequest): ReturnType<typeof s3Needs> | undefined {
  const found = s3Request(request);
  return found && s3Needs(found, request);
}

/** A request of this run itself. Engines want a signature but do not verify it. */
function plain(method: string, path: string): Forwarded {
  const authorization =
    'AWS4-HMAC-SHA256 Credential=LOCALRUN/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0';
  return { method, path, query: '', headers: [['authorization', authorization]], body: Buffer.alloc(0) };
}
