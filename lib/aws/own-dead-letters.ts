import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { acknowledge } from './acknowledge';

/** cdk-nag expects a destination next to an event age or retries, and overlooks the function's dead-letter queue. */
export function acknowledgeDeadLetterQueue(handler: lambda.Function): void {
  const config = handler.node.tryFindChild('EventInvokeConfig');
  if (config === undefined || handler.deadLetterQueue === undefined) return;
  acknowledge(config, {
    'Serverless::Serverless-LambdaAsyncFailureDestination':
      "Events that fail go to the function's own dead-letter queue",
  });
}
