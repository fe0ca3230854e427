import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { flag, text } from '../../core/check/kinds';
import { checkProps, type Shape } from '../../core/check/shape';
import { Capability } from './capability';
import { present } from './present';
import { DECRYPT, ENCRYPT, throughService } from './encryption';
import { found } from './found';
import { bucketTarget } from './targets';

/** Which part of a bucket. */
export interface BucketOptions {
  /**
   * Objects whose key starts with this: `invoices/`.
   * @default - every object
   */
  readonly prefix?: string;
}

/** How a bucket is read. */
export interface BucketReadOptions extends BucketOptions {
  /**
   * Also allows listing keys. Without it a missing object gives 403 instead of 404, as on AWS.
   * @default false
   * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
   */
  readonly list?: boolean;
}

/** The keys of objects are not known at synthesis. */
const ANY_OBJECT = 'The keys of the objects are known only when the function runs';

const PART: Shape<BucketOptions> = { prefix: text('invoices/') };

const READ: Shape<BucketReadOptions> = { ...PART, list: flag };

/** What a function may do with the objects of a bucket. The variable holds the bucket's name. */
export class BucketAccess {
  /** @throws PatternError when there is no bucket */
  constructor(private readonly bucket: IBucket) {
    present('bucket', bucket);
  }

  /** `GetObject`; listing only on request. */
  read(options: BucketReadOptions = {}): Capability {
    checkProps(this.bucket.node.path, options, READ);
    const list = {
      actions: ['s3:ListBucket'],
      resources: [this.bucket.bucketArn],
      of: () => bucketTarget(this.bucket),
      conditions: options.prefix ? { StringLike: { 's3:prefix': [`${options.prefix}*`] } } : undefined,
    };
    const objects = this.objects(['s3:GetObject'], DECRYPT, options);
    return options.list ? new Capability({ ...objects, statements: [...objects.statements, list] }) : objects;
  }

  /** `PutObject`, plus aborting multipart uploads. Never deletes, but a put may overwrite. */
  write(options: BucketOptions = {}): Capability {
    checkProps(this.bucket.node.path, options, PART);
    return this.objects(['s3:PutObject', 's3:AbortMultipartUpload'], ENCRYPT, options);
  }

  /** `DeleteObject`. */
  delete(options: BucketOptions = {}): Capability {
    checkProps(this.bucket.node.path, options, PART);
    return this.objects(['s3:DeleteObject'], [], options);
  }

  /** `read()` and `write()`: never deletes. */
  readWrite(options: BucketReadOptions = {}): Capability {
    return this.read(options).and(this.write({ prefix: options.prefix }));
  }

  private objects(actions: string[], keyActions: string[], { prefix = '' }: BucketOptions): Capability {
    const { bucket } = this;
    return new Capability({
      variables: { '': bucket.bucketName },
      variablesFrom: (place) => found(place, bucket.env, () => bucket.bucketName),
      statements: [
        {
          actions,
          resources: [bucket.arnForObjects(`${prefix}*`)],
          wildcard: ANY_OBJECT,
          of: () => bucketTarget(bucket),
        },
        ...(keyActions.length > 0 ? throughService(bucket.encryptionKey, 's3', keyActions) : []),
      ],
    });
  }
}
