import { CfnParameter, CfnResource } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { Topic, CfnSubscription } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { running, shop, stopRuns } from '../support';

afterAll(stopRuns);

test('what is known only at deployment is not called refused by AWS', async () => {
  const run = await running(
    shop((stack) => {
      const topic = new Topic(stack, 'Topic');
      const { valueAsString: endpoint } = new CfnParameter(stack, 'Email');
      new CfnSubscription(stack, 'ByEmail', { topicArn: topic.topicArn, protocol: 'email', endpoint });
      const queue = new Queue(stack, 'Queue');
      const eventPattern = { source: ['shop'], detail: { name: [new CfnParameter(stack, 'Name').valueAsString] } };
      new CfnRule(stack, 'Open', { eventPattern, targets: [{ id: 'q', arn: queue.queueArn }] });
      const jobs = new CfnResource(stack, 'Jobs', { type: 'AWS::Batch::JobQueue', properties: { Priority: 1 } });
      const batchParameters = { jobDefinition: 'd', jobName: 'j' };
      const target = { id: 'b', arn: jobs.ref, roleArn: 'arn:aws:iam::123456789012:role/r', batchParameters };
      new CfnRule(stack, 'Batch', { eventPattern: { source: ['shop'] }, targets: [target] });
    }),
  );
  const reasons = (id: string) =>
    run.unsupported.filter(({ resource }) => resource === `Shop/${id}`).map(({ reason }) => reason);
  expect(reasons('ByEmail')).toEqual([
    "nothing is delivered to its subscription: its Endpoint is known only at deployment; set its parameter in 'templateParameters'",
  ]);
  expect(reasons('Open')).toEqual([
    "nothing matches: a part of its EventPattern is known only at deployment; set its parameter in 'templateParameters'",
  ]);
  expect(reasons('Batch').join()).not.toContain('BatchParameters');
});
