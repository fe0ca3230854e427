import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnTopicPolicy, type ITopic, TopicPolicy } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { Check } from '../../core/check/check';
import { CALLS } from '../../core/iam/platform-actions';
import { otherRegion } from '../access/place';

/** CloudWatch notifies only topics in its own region; one in another account if that topic's policy allows it. */
export function topicChecks(scope: Construct, topic: ITopic | undefined): Check[] {
  if (topic === undefined) return [];
  const stack = Stack.of(scope);
  return [
    {
      prop: 'topic',
      value: topic,
      valid: () => !otherRegion(stack, topic.env),
      rule: `must be in the region of the alarms (${stack.region}): it is in ${topic.env.region}`,
      remedy: 'create a topic in each region; Defaults.of(stack).alarms({ topic }) sets it for a stack',
    },
  ];
}

/**
 * Lets CloudWatch use a topic's key.
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
 * Lets CloudWatch publish to a topic with policies of this app. Any topic policy, even one that only denies plain HTTP, replaces SNS's default, which admits CloudWatch.
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
