import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnTopicPolicy, type ITopic, TopicPolicy } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { Check } from '../../core/check/check';
import { CALLS } from '../../core/iam/platform-actions';
import { isKnownElsewhere, otherAccount, otherRegion, type Place } from '../access/place';

/** Checks of the topic that alarms notify. */
export function topicChecks(scope: Construct, topic: ITopic | undefined): Check[] {
  return topic === undefined ? [] : topicRows('topic', topic, Stack.of(scope));
}

/** CloudWatch notifies only topics in its own region; one in another account by its ARN, if that topic's policy allows it. */
export function topicRows(prop: string, topic: ITopic, here: Place): Check[] {
  const there = topic.env;
  return [
    {
      prop,
      value: topic,
      valid: () => !otherRegion(here, there),
      rule: `must be in the region of the alarms (${here.region}): it is in ${there.region}`,
      remedy: 'create a topic in each region; Defaults.of(stack).alarms({ topic }) sets it for a stack',
    },
    {
      prop,
      value: topic,
      valid: () => otherRegion(here, there) || !otherAccount(here, there) || isKnownElsewhere(topic.topicArn),
      rule: `must have a name known at synthesis, which its ARN needs: it is a topic of account ${there.account}, and the alarms of ${here.account}`,
      remedy: "set 'topicName' on it; naming a deployed topic replaces it",
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
