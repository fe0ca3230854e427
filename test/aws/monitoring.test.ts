import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { MonitoringFacade } from 'cdk-monitoring-constructs';
import { QueueWorker } from 'lintel/aws';

test('one line of cdk-monitoring-constructs makes a dashboard of what our constructs hold', () => {
  const stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Shop');
  const code = lambda.Code.fromInline('exports.handler = async () => {}');
  new QueueWorker(stack, 'Ingest', { handler: { code, timeout: Duration.seconds(5) } });

  new MonitoringFacade(stack, 'Dashboard').monitorScope(stack);

  const [dashboard] = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Dashboard'));
  const body = JSON.stringify(dashboard);
  expect(['AWS/Lambda', 'AWS/SQS'].filter((namespace) => !body.includes(namespace))).toEqual([]);
});
