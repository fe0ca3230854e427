import * as cloudflare from '@pulumi/cloudflare';
import * as pulumi from '@pulumi/pulumi';
import type { Capability } from '../../lib/edge/capability';
import {
  bucketChecks,
  type BucketNotification,
  type LifecycleRule,
  lifecycleOf,
  notificationOf,
} from '../../lib/edge/bucket-rules';
import { type AccountArgs, checkArgs, checkName, checkShape } from '../../lib/edge/check-args';
import { claimOwnName } from '../../lib/edge/claims';
import { physicalName } from '../../lib/edge/physical-name';
import { type EdgeJurisdiction, JURISDICTION, LOCATION, type PlaceArgs, placeChecks } from '../../lib/edge/places';
import { isProtected, optionsHere } from '../../lib/edge/preview';
import { ACCOUNT } from '../../lib/edge/worker-shape';
import { either, having, input, list, needed, number, object, oneOf, record, text } from '../../lib/core/check/kinds';
import type { Shape } from '../../lib/core/check/shape';

/** Arguments of an `EdgeBucket`. */
export interface EdgeBucketArgs extends AccountArgs, PlaceArgs {
  /**
   * When objects expire or move to cheaper storage, by rule name.
   * @default - objects stay; incomplete uploads are removed after 7 days
   */
  readonly lifecycle?: Readonly<Record<string, LifecycleRule>>;
  /**
   * Queues notified of object changes, by notification name.
   * @default - none
   */
  readonly notifications?: Readonly<Record<string, BucketNotification>>;
  /**
   * The bucket's name: 3 to 63 lower-case letters, digits and dashes, unique in the account.
   * @default - from project, stack and the component's name
   */
  readonly bucketName?: pulumi.Input<string>;
}

/**
 * Files: a private R2 bucket, protected against deletion (`protect: false` in the resource options lifts that).
 *
 * @example
 * const thumbnails = new EdgeQueueWorker('thumbnails', { handler: 'workers/thumbnails.ts' });
 * new EdgeBucket('files', { notifications: { uploads: { queue: thumbnails.queue, prefix: 'uploads/' } } });
 * @see https://developers.cloudflare.com/r2/
 */
export class EdgeBucket extends pulumi.ComponentResource {
  /** The bucket. */
  readonly bucket: cloudflare.R2Bucket;
  /** The lifecycle rules. */
  readonly lifecycle: cloudflare.R2BucketLifecycle;
  /** Notifications, by name. */
  readonly notifications: Readonly<Record<string, cloudflare.R2BucketEventNotification>>;

  private readonly jurisdiction?: EdgeJurisdiction;

  /** @throws InputPropertiesError when rules contradict each other or the platform's limits */
  constructor(name: string, args: EdgeBucketArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    checkName(new.target, name, opts);
    super('lintel:edge:EdgeBucket', name, {}, optionsHere(opts));
    checkShape(name, args, SHAPE, NAMES);
    const accountId = checkArgs(name, args, [...placeChecks(args), ...bucketChecks(args)]);

    const { jurisdiction } = args;
    const { value, ignoreChanges } = physicalName(args.bucketName, name, 'name');
    claimOwnName(name, jurisdiction === undefined ? 'bucket' : `bucket in '${jurisdiction}'`, 'bucketName', {
      value,
      ignoreChanges,
      accountId,
    });
    this.jurisdiction = jurisdiction;
    this.bucket = new cloudflare.R2Bucket(
      `${name}-bucket`,
      { accountId, name: value, location: args.location, jurisdiction },
      { parent: this, protect: isProtected(opts), ignoreChanges, replaceOnChanges: ['jurisdiction'] },
    );

    const bucketName = this.bucket.name;
    this.lifecycle = new cloudflare.R2BucketLifecycle(
      `${name}-lifecycle`,
      { accountId, bucketName, jurisdiction, rules: lifecycleOf(args.lifecycle) },
      { parent: this },
    );
    this.notifications = Object.fromEntries(
      Object.entries(args.notifications ?? {}).map(([key, notification]) => [
        key,
        new cloudflare.R2BucketEventNotification(
          `${name}-notification-${key}`,
          { accountId, bucketName, jurisdiction, ...notificationOf(notification) },
          { parent: this },
        ),
      ]),
    );
    this.registerOutputs({ bucketName });
  }

  /** Reading and listing objects. A Worker's binding cannot be restricted to it; a `ScopedToken` is, and to this bucket. */
  read(): Capability {
    return this.capability('Workers R2 Storage Bucket Item Read');
  }

  /** Reading, listing, writing and deleting objects. */
  readWrite(): Capability {
    return this.capability('Workers R2 Storage Bucket Item Write');
  }

  private capability(group: string): Capability {
    const { name: bucketName } = this.bucket;
    const { jurisdiction } = this;
    return {
      binding: { type: 'r2_bucket', bucketName, ...(jurisdiction && { jurisdiction }) },
      permissions: [{ group, bucket: bucketName, jurisdiction }],
    };
  }
}

const SHAPE: Shape<EdgeBucketArgs> = {
  ...ACCOUNT,
  lifecycle: record(
    object<LifecycleRule>(
      { prefix: text('tmp/'), expireAfter: number, infrequentAccessAfter: number },
      "{ prefix: 'tmp/', expireAfter: 7 }",
    ),
    "{ temporary: { prefix: 'tmp/', expireAfter: 7 } }",
  ),
  notifications: record(
    object<BucketNotification>(
      {
        queue: needed(having('a queue', 'queueId', 'pass the queue itself'), "pass the queue: 'worker.queue'"),
        on: list(oneOf('create', 'delete'), "['create']"),
        prefix: either(
          'must be a string, or a list',
          () => "write it as 'uploads/'",
          text('uploads/'),
          list(text('uploads/'), "['uploads/']"),
        ),
        suffix: text('.csv'),
      },
      '{ queue: worker.queue }',
    ),
    '{ uploads: { queue: worker.queue } }',
  ),
  location: LOCATION,
  jurisdiction: JURISDICTION,
  bucketName: input(text('files')),
};

/** Names from the provider, and their equivalents here. */
const NAMES = {
  name: "write 'bucketName'",
  lifecycleRules: "write 'lifecycle'",
  locationHint: "write 'location'",
};
