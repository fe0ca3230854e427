/** Reasons for derived settings: changing one means keeping what it must agree with. */
const REASONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'AWS::SQS::Queue': {
    VisibilityTimeout: '6 x the timeout of its consumer, plus the batching window: change them together',
    RedrivePolicy:
      'after that many receives a message moves to the other queue, which keeps it for 14 days from the first send',
    RedriveAllowPolicy: 'refers to the queue by name: the two refer to each other, and CloudFormation refuses a cycle',
  },
  'AWS::Lambda::EventSourceMapping': {
    FunctionResponseTypes: 'the handler reports failed messages; without this the whole batch is redelivered',
    ScalingConfig: 'at most the reserved concurrency of the function, or messages are throttled and lose attempts',
    MaximumRetryAttempts: 'without a limit, one bad record blocks its shard until it expires',
    BisectBatchOnFunctionError: 'a failed batch is split until the bad record is isolated',
  },
  'AWS::Lambda::Function': {
    ReservedConcurrentExecutions: 'taken from the rest of the account, and the most this function gets',
  },
  'AWS::Lambda::Version': {
    FunctionName: 'a version is published once per logical id: give it a new one whenever code or settings change',
  },
  'AWS::ApiGateway::Deployment': {
    RestApiId: 'deploys the API once per logical id: give it a new one whenever a method, route or model changes',
  },
  'AWS::DynamoDB::GlobalTable': {
    BillingMode: 'on demand: no capacity to size',
  },
  'AWS::Scheduler::Schedule': {
    FlexibleTimeWindow: 'OFF: it runs on time',
  },
};

/** The comments for a resource that has these properties. */
export function reasonsFor(type: string, properties: object): readonly string[] {
  return Object.entries(REASONS[type] ?? {}).flatMap(([name, reason]) =>
    Object.hasOwn(properties, name) ? [`${name}: ${reason}`] : [],
  );
}
