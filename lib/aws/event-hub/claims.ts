import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Access } from '../access/access';
import { Capability } from '../access/capability';

/** Beginning of the keys of data that are too large for the bus. */
const CLAIMS = 'claims/';

/** Leaves data of one source in the bucket. The variable is `<NAME>_CLAIMS`. */
export function leaveClaims(bucket: IBucket, source: string): Capability {
  const { statements } = Access.bucket(bucket).write({ prefix: `${CLAIMS}${encodeURIComponent(source)}/` });
  return new Capability({ variables: { CLAIMS: bucket.bucketName }, statements });
}

/** Takes the data of any source out of the bucket. */
export function takeClaims(bucket: IBucket): Capability {
  const { statements } = Access.bucket(bucket).read({ prefix: CLAIMS });
  return new Capability({ variables: { '': bucket.bucketName }, statements });
}
