import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { check } from '../core/check/check';
import { otherRegion } from './access/place';
import { defaultsIn } from './defaults/kept';

/** A log group that a construct makes. */
export interface PatternLogGroupProps {
  /** @default - made of the stack and the id by CloudFormation */
  readonly logGroupName?: string;
  /**
   * What the user of the construct says.
   * @default - as the team keeps its logs, or `otherwise`
   */
  readonly retention?: RetentionDays;
  /** @default RetentionDays.ONE_MONTH */
  readonly otherwise?: RetentionDays;
  /** @default RemovalPolicy.DESTROY */
  readonly removalPolicy?: RemovalPolicy;
}

/** A log group as the team keeps its logs. */
export function patternLogGroup(scope: Construct, id: string, props: PatternLogGroupProps = {}): LogGroup {
  const { retention, otherwise = RetentionDays.ONE_MONTH, removalPolicy = RemovalPolicy.DESTROY, ...name } = props;
  const path = [scope.node.path, id].filter(Boolean).join('/');
  const team = defaultsIn(scope, 'logs', path);
  if (team.encryptionKey) admitLogs(scope, team.encryptionKey);
  return new LogGroup(scope, id, {
    ...name,
    retention: retention ?? team.retention ?? otherwise,
    removalPolicy,
    encryptionKey: team.encryptionKey,
  });
}

/** What is in the policy of a key already, by the place that it admits. */
const ADMITTED = new WeakMap<IKey, Set<string>>();

/**
 * CloudWatch Logs uses a key in its own name, for the log groups of an account and a region. An imported key admits it already.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
function admitLogs(scope: Construct, key: IKey): void {
  const stack = Stack.of(scope);
  check(scope, [
    {
      prop: 'encryptionKey',
      value: key.env.region,
      valid: () => !otherRegion(key.env, stack),
      rule: `must be of the region of the log groups (${stack.region})`,
      remedy: 'set a key of that region: Defaults.of(stack).logs({ encryptionKey })',
    },
  ]);
  const arn = stack.formatArn({ service: 'logs', resource: 'log-group:*' });
  const places = ADMITTED.get(key) ?? new Set();
  ADMITTED.set(key, places);
  const place = JSON.stringify(stack.resolve([stack.account, stack.region]));
  if (places.has(place)) return;
  places.add(place);
  key.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal(`logs.${stack.region}.amazonaws.com`)],
      actions: [
        ...['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'],
        ...['kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext', 'kms:DescribeKey'],
      ],
      resources: ['*'],
      conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': arn } },
    }),
  );
}
