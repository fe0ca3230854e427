const { DynamoDBClient, GetItemCommand, PutItemCommand } = require('@aws-sdk/client-dynamodb');
const { KinesisClient, PutRecordCommand } = require('@aws-sdk/client-kinesis');
const {
  CopyObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} = require('@aws-sdk/client-s3');
const {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} = require('@aws-sdk/client-secrets-manager');
const { PublishCommand, SNSClient } = require('@aws-sdk/client-sns');
const { ReceiveMessageCommand, SendMessageCommand, SQSClient } = require('@aws-sdk/client-sqs');

const { BUCKET, QUEUE, SECRET, STREAM, TABLE, TOPIC } = process.env;
const [dynamodb, kinesis, s3] = [new DynamoDBClient(), new KinesisClient(), new S3Client()];
const [secrets, sns, sqs] = [new SecretsManagerClient(), new SNSClient(), new SQSClient()];
const Key = { id: { S: '1' } };
const own = { Bucket: BUCKET, Key: 'x' };

const CALLS = {
  send: () => sqs.send(new SendMessageCommand({ QueueUrl: QUEUE, MessageBody: 'x' })),
  receive: () => sqs.send(new ReceiveMessageCommand({ QueueUrl: QUEUE })),
  publish: () => sns.send(new PublishCommand({ TopicArn: TOPIC, Message: 'x' })),
  putItem: () => dynamodb.send(new PutItemCommand({ TableName: TABLE, Item: Key })),
  getItem: () => dynamodb.send(new GetItemCommand({ TableName: TABLE, Key })),
  putRecord: () =>
    kinesis.send(new PutRecordCommand({ StreamName: STREAM, PartitionKey: '1', Data: Buffer.from('x') })),
  putObject: () => s3.send(new PutObjectCommand({ ...own, Body: 'x' })),
  putPlainObject: () =>
    s3.send(new PutObjectCommand({ ...own, Key: 'plain', Body: 'x', ServerSideEncryption: 'AES256' })),
  getObject: () => s3.send(new GetObjectCommand(own)),
  getPlainObject: () => s3.send(new GetObjectCommand({ ...own, Key: 'plain' })),
  headObject: () => s3.send(new HeadObjectCommand(own)),
  copyPlainObject: () => s3.send(new CopyObjectCommand({ ...own, Key: 'copy', CopySource: `${BUCKET}/plain` })),
  getSecret: () => secrets.send(new GetSecretValueCommand({ SecretId: SECRET })),
  putSecret: () => secrets.send(new PutSecretValueCommand({ SecretId: SECRET, SecretString: 'x' })),
};

/** Makes the calls that the event names, each whatever became of the others. */
exports.handler = async ({ calls }) => {
  const answers = {};
  for (const name of calls) {
    answers[name] = await CALLS[name]().then(
      ({ ServerSideEncryption, SSEKMSKeyId }) => (ServerSideEncryption ? [ServerSideEncryption, SSEKMSKeyId] : 'ok'),
      (error) => `${error.name}: ${error.message}`,
    );
  }
  return answers;
};
