import type { Resource } from '../core/model/model';

/** Makers inside aws-cdk-lib, by the name of a construct on the path. */
const MAKERS: readonly (readonly [RegExp, string])[] = [
  [/^LogRetention[0-9a-f]{32}$/, 'log retention'],
  [/^Custom::CDKBucketDeployment[0-9A-F]{32}/, 'bucket deployment'],
  [/^BucketNotificationsHandler[0-9a-f]{32}$/, 'bucket notifications'],
  [/^AWS679f53fac002430cb0da5b7982bd2287$/, 'AwsCustomResource'],
  [/^framework-(onEvent|isComplete|onTimeout)$/, 'the custom resource provider framework'],
  [/^waiter-state-machine$/, 'the custom resource provider framework'],
  [/^Custom::.*Provider$/, 'a custom resource provider'],
  [/^@aws-cdk--aws-/, 'a custom resource provider'],
  [/^SourceTableAttachedManagedPolicy-.*ReplicaProvider/, 'a custom resource provider'],
];

/**
 * The part of aws-cdk-lib that created a resource itself, if any: a helper that a team neither wrote nor
 * can configure, whose findings are shown but do not fail a build.
 */
export function madeByCdk({ path }: Resource): string | undefined {
  if (path === undefined || !ANY.test(path)) return undefined;
  const names = path.split('/');
  return MAKERS.find(([pattern]) => names.some((name) => pattern.test(name)))?.[1];
}

/** Rules out most paths with one test. */
const ANY =
  /LogRetention|Custom::|BucketNotificationsHandler|AWS679f|framework-|waiter-state-machine|@aws-cdk--aws-|ReplicaProvider/;
