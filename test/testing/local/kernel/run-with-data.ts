/** A run in a process of its own, which a test kills while it is busy: it writes as handlers would, and says when. */
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { runLocally } from '../../../../lib/testing';

async function main([directory, data, seedFile]: readonly string[]): Promise<void> {
  const say = (text: string) => process.stdout.write(`${text}\n`);
  const onLog = ({ message }: { readonly message: string }) => say(message);
  const run = await runLocally(directory!, { data: data!, disorder: 0, onLog, ...(seedFile && { seedFile }) });
  if (seedFile) return;
  const { url: QueueUrl } = run.queue('Jobs');
  const sqs = run.client(SQSClient);
  for (const MessageBody of ['first', 'second', 'third'])
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'later', DelaySeconds: 900 }));
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 2 }));
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages[0]!.ReceiptHandle! }));
  const Bucket = run.nameOf('Files');
  const s3 = run.client(S3Client);
  for (const Body of ['one', 'two']) await s3.send(new PutObjectCommand({ Bucket, Key: 'a.txt', Body }));
  await s3.send(new PutObjectCommand({ Bucket, Key: 'b.txt', Body: 'gone' }));
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'b.txt' }));
  await run.client(SSMClient).send(new PutParameterCommand({ Name: '/made', Value: 'v', Type: 'String' }));
  const secrets = run.client(SecretsManagerClient);
  await secrets.send(new CreateSecretCommand({ Name: 'made', SecretString: 's' }));
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: 'key' }));
  const item = { TableName: run.nameOf('Orders'), Item: { id: { S: '1' } } };
  await run.client(DynamoDBClient).send(new PutItemCommand(item));
  for (let count = 0; ; count++) {
    run.queue('Ordered').send('busy', { groupId: 'g', deduplicationId: String(count) });
    if (count === 10) say(`WRITTEN ${SecretString}`);
    await sleep(0);
  }
}

void main(process.argv.slice(2));
