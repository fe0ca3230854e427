import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnTopicPolicy, type ITopic, TopicPolicy } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { Check } from '../../core/check/check';
import { CALLS } from '../../core/iam/platform-actions';
import { otherRegion } from '../access/place';

/** CloudWatch tells topics of its own region only; one of another account by what its policy says. */
export function topicChecks(scope: Construct, topic: ITopic | undefined): Check[] {
  if (topic === undefined) return [];
  const stack = Stack.of(scope);
  return [
    {
      prop: 'topic',
      value: topic,
      valid: () => !otherRegion(stack, topic.env),
      rule: `must be a topic of the region of the alarms (${stack.region}): it is in ${topic.env.region}`,
      remedy: 'make a topic in each region; Defaults.of(stack).alarms({ topic }) sets it for a stack',
    },
  ];
}

/**
 * Lets CloudWatch use the key of a topic.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
 */
export function admitCloudWatch(scope: Construct, key: IKey): void {
  key.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
  );
}

/**
 * Lets CloudWatch publish where a topic has policies of the app's own. Any policy of a topic replaces the one that SNS gives it, which lets CloudWatch in: one that only refuses plain HTTP too.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
 */
export function letPublish(scope: Construct, topic: ITopic): void {
  for (const policy of Stack.of(topic).node.findAll()) {
    if (!(policy instanceof TopicPolicy) || !(policy.node.defaultChild instanceof CfnTopicPolicy)) continue;
    if (!policy.node.defaultChild.topics.includes(topic.topicArn)) continue;
    policy.document.addStatements(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: [...CALLS.topic.granted],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
      }),
    );
  }
}
