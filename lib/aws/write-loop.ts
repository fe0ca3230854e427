import { Stack } from 'aws-cdk-lib';
import { CfnPolicy, CfnRole, PolicyDocument } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { asList } from '../core/record';

/** Object actions of a role. */
const DOES = {
  write: /^(\*|s3:(\*|Put\*|PutObject\*?))$/i,
  delete: /^(\*|s3:(\*|Delete\*|DeleteObject\*?|DeleteObjectVersion))$/i,
};

/** Key prefixes that a function may write to, or delete, in a bucket, according to its role at the end of synthesis. */
export function changeablePrefixes(fn: IFunction, bucket: IBucket, what: keyof typeof DOES): string[] {
  if (!fn.role) return [];
  const stack = Stack.of(fn);
  const statements = fn.role.node
    .findAll()
    .flatMap((child) =>
      CfnPolicy.isCfnPolicy(child) ? [child.policyDocument] : CfnRole.isCfnRole(child) ? inline(child) : [],
    )
    .flatMap((document) =>
      statementsOf(document instanceof PolicyDocument ? document.toJSON() : stack.resolve(document)),
    )
    .filter(
      ({ Effect, Action }) => Effect === 'Allow' && asList(Action).some((action) => DOES[what].test(String(action))),
    );
  // Most roles change no file: then nothing need be resolved.
  if (statements.length === 0) return [];
  const arn = JSON.stringify(stack.resolve(bucket.bucketArn));
  return statements
    .flatMap(({ Resource }) => asList(stack.resolve(Resource)))
    .flatMap((resource) => prefixOf(resource, arn));
}

interface Statement {
  readonly Effect: string;
  readonly Action?: unknown;
  readonly Resource?: unknown;
}

function inline({ policies }: CfnRole): unknown[] {
  return Array.isArray(policies)
    ? policies.map((policy: object) => ('policyDocument' in policy ? policy.policyDocument : {}))
    : [];
}

function statementsOf(document: unknown): Statement[] {
  return asList((document as { Statement?: unknown } | undefined)?.Statement) as Statement[];
}

/** The part of a resource after the bucket's ARN, up to the first wildcard: `out/` in `<arn>/out/*`. */
function prefixOf(resource: unknown, arn: string): string[] {
  if (resource === '*') return [''];
  const parts = asList((resource as { 'Fn::Join'?: [string, unknown[]] })['Fn::Join']?.[1] ?? resource);
  const [bucket, ...keys] = parts;
  if (typeof bucket === 'string' && JSON.parse(arn) !== bucket) {
    const literal = JSON.parse(arn) as unknown;
    return typeof literal === 'string' && bucket.startsWith(`${literal}/`)
      ? [untilWildcard(bucket.slice(literal.length + 1))]
      : [];
  }
  return JSON.stringify(bucket) === arn && keys.length > 0 ? [untilWildcard(keys.join('').replace(/^\//, ''))] : [];
}

function untilWildcard(key: string): string {
  return key.split(/[*?]/, 1)[0]!;
}
