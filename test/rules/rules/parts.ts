import { arn, type Resources } from './faults';

/** A function with a role and a log group of its own, and nothing that a rule could say about it. */
export function goodFunction(name: string, statements: readonly object[] = [], properties: object = {}): Resources {
  return {
    [name]: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Code: { S3Bucket: 'code', S3Key: 'key' },
        Role: arn(`${name}Role`),
        MemorySize: 256,
        Timeout: 10,
        TracingConfig: { Mode: 'Active' },
        LoggingConfig: { LogGroup: { Ref: `${name}Logs` } },
        ...properties,
      },
    },
    [`${name}Role`]: goodRole('lambda.amazonaws.com', [
      { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: arn(`${name}Logs`) },
      { Effect: 'Allow', Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], Resource: '*' },
      ...statements,
    ]),
    [`${name}Logs`]: { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: 30 } },
  };
}

/** A role that a service uses. */
export function goodRole(service: string, statements: readonly object[]): object {
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
      },
      Policies: [{ PolicyName: 'Own', PolicyDocument: { Statement: statements } }],
    },
  };
}

/** A statement that allows actions on a resource. */
export function allow(actions: string | readonly string[], resource: unknown, condition?: object): object {
  return { Effect: 'Allow', Action: actions, Resource: resource, ...(condition ? { Condition: condition } : {}) };
}

export const TLS_ONLY = {
  Effect: 'Deny',
  Principal: '*',
  Action: '*',
  Resource: '*',
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
};

/** A queue that keeps dead letters, with a policy that refuses plain HTTP. */
export function deadLetters(name: string, statements: readonly object[] = [], properties: object = {}): Resources {
  return {
    [name]: { Type: 'AWS::SQS::Queue', Properties: { MessageRetentionPeriod: 1_209_600, ...properties } },
    ...tlsOnly('Queue', name, statements),
  };
}

/** How often an alarm looks, and at what. */
export const EVERY_MINUTE = { Statistic: 'Maximum', Period: 60, EvaluationPeriods: 1 };

/** An alarm's action, by a topic of another stack. */
export const TELLS = { AlarmActions: ['arn:aws:sns:eu-west-1:111122223333:pages'] };

/** A queue with dead letters in a second one, which an alarm watches. */
export function goodQueue(name: string, statements: readonly object[] = [], properties: object = {}): Resources {
  return {
    [name]: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        VisibilityTimeout: 60,
        RedrivePolicy: { deadLetterTargetArn: arn(`${name}Dead`), maxReceiveCount: 5 },
        ...properties,
      },
    },
    ...tlsOnly('Queue', name, statements),
    ...deadLetters(`${name}Dead`),
    [`${name}DeadAlarm`]: {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: {
        Namespace: 'AWS/SQS',
        MetricName: 'ApproximateNumberOfMessagesVisible',
        Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [`${name}Dead`, 'QueueName'] } }],
        ...EVERY_MINUTE,
        ...TELLS,
      },
    },
  };
}

/** A statement of a queue's policy that lets a service send for one resource. */
export function letIn(service: string, queue: string, source: unknown): object {
  return {
    Effect: 'Allow',
    Principal: { Service: service },
    Action: 'sqs:SendMessage',
    Resource: arn(queue),
    Condition: { ArnEquals: { 'aws:SourceArn': source } },
  };
}

/** What a function needs to read a queue. */
export const READ_QUEUE = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

const SUBJECTS = {
  Bucket: { service: 'S3', about: (name: string) => ({ Bucket: { Ref: name } }) },
  Queue: { service: 'SQS', about: (name: string) => ({ Queues: [{ Ref: name }] }) },
  Topic: { service: 'SNS', about: (name: string) => ({ Topics: [{ Ref: name }] }) },
};

/** A policy that refuses plain HTTP, with further statements. */
export function tlsOnly(type: keyof typeof SUBJECTS, name: string, statements: readonly object[] = []): Resources {
  const { service, about } = SUBJECTS[type];
  return {
    [`${name}Policy`]: {
      Type: `AWS::${service}::${type}Policy`,
      Properties: { ...about(name), PolicyDocument: { Statement: [TLS_ONLY, ...statements] } },
    },
  };
}
