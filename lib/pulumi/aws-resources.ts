import * as pulumi from '@pulumi/pulumi';

/**
 * The few resources of Pulumi's AWS provider that a CDK stack needs, registered by type token: the engine finds
 * the provider, and this package need not depend on @pulumi/aws.
 */

export class CloudFormationStack extends pulumi.CustomResource {
  /** The outputs of the template, by logical id. */
  declare readonly outputs: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
    super('aws:cloudformation/stack:Stack', name, { ...args, outputs: undefined }, opts);
  }
}

/** An S3 bucket. */
export class Bucket extends pulumi.CustomResource {
  declare readonly bucket: pulumi.Output<string>;
  declare readonly arn: pulumi.Output<string>;
  /** Regional hostname of the bucket. */
  declare readonly bucketRegionalDomainName: pulumi.Output<string>;

  constructor(name: string, args: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
    const outputs = { bucket: undefined, arn: undefined, bucketRegionalDomainName: undefined };
    super('aws:s3/bucket:Bucket', name, { ...outputs, ...args }, opts);
  }
}

/** Public access settings of a bucket. */
export class BucketPublicAccessBlock extends pulumi.CustomResource {
  constructor(name: string, args: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
    super('aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock', name, args, opts);
  }
}

/** The policy of a bucket. */
export class BucketPolicy extends pulumi.CustomResource {
  constructor(name: string, args: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
    super('aws:s3/bucketPolicy:BucketPolicy', name, args, opts);
  }
}

/** An object in a bucket. */
export class BucketObject extends pulumi.CustomResource {
  constructor(name: string, args: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
    super('aws:s3/bucketObjectv2:BucketObjectv2', name, args, opts);
  }
}

/** Regional hostname of a bucket. */
export function regionalDomainName(
  bucket: pulumi.Input<string>,
  opts: pulumi.InvokeOutputOptions,
): pulumi.Output<string> {
  const found: pulumi.Output<{ bucketRegionalDomainName: string }> = pulumi.runtime.invokeOutput(
    'aws:s3/getBucket:getBucket',
    { bucket },
    opts,
  );
  return found.bucketRegionalDomainName;
}
