/** The parts of an ARN. Each may be a pattern of a policy, or empty where the service has none: a bucket's region. */
export interface Arn {
  /** `aws`, `aws-cn`, ... */
  readonly partition: string;
  /** `sqs`. */
  readonly service: string;
  /** `eu-west-1`. */
  readonly region: string;
  /** Twelve digits. */
  readonly account: string;
  /** All that follows, colons included: `function:place-order:live`. */
  readonly resource: string;
}

/** The parts of an ARN; undefined for a text that is none. */
export function parseArn(text: string): Arn | undefined {
  const [arn, partition, service, region, account, ...resource] = text.split(':');
  if (arn !== 'arn' || !partition || !service || region === undefined || account === undefined) return undefined;
  return resource.length === 0 ? undefined : { partition, service, region, account, resource: resource.join(':') };
}

/** The account of a policy principal, by number or by its root ARN; undefined for any other principal. */
export function accountNamedBy(principal: string): string | undefined {
  return /^(?:arn:[^:]+:iam::)?(\d{12})(?::root)?$/.exec(principal)?.[1];
}

/** The ARN of an object's bucket; that of anything else as it is. */
export function bucketOfArn(arn: string): string {
  return arn.replace(/^(arn:[^:]+:s3:::[^/]+)\/.*$/s, '$1');
}

/** The ARN of an index's or a stream's table; that of anything else as it is. */
export function tableOfArn(arn: string): string {
  return arn.replace(/^(arn:[^:]+:dynamodb:[^/]*:table\/[^/]+)\/.*$/s, '$1');
}

/** The ARN of the Kinesis stream of a consumer; that of anything else as it is. */
export function streamOfArn(arn: string): string {
  return arn.replace(/^(arn:[^:]+:kinesis:[^/]*:stream\/[^/]+)\/.*$/s, '$1');
}

/** The ARN of a version's or an alias's function; that of anything else as it is. */
export function functionOfArn(arn: string): string {
  return arn.replace(/^(arn:[^:]+:lambda:[^:]*:\d*:function:[^:]+):.*$/s, '$1');
}
