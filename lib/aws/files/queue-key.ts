import { Annotations, Aws } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { ENCRYPT } from '../access/encryption';

/**
 * Lets a service in this account use the key of a queue it delivers to. Not restricted to the sender's ARN: the sender refers to the
 * queue, which refers to the key.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 */
export function admitToKey(scope: Construct, key: IKey, service: 'events' | 's3'): void {
  const principal = `${service}.amazonaws.com`;
  const statement = new PolicyStatement({
    principals: [new ServicePrincipal(principal)],
    actions: ENCRYPT,
    resources: ['*'],
    conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
  });
  if (key.addToResourcePolicy(statement, true).statementAdded) return;
  Annotations.of(scope).addWarningV2(
    'lintel:key-policy',
    `The policy of 'encryptionKey' is not this app's: unless it allows ${principal} ${ENCRYPT.join(' and ')}, no event of a ` +
      `file reaches the queue (${scope.node.path})`,
  );
}
