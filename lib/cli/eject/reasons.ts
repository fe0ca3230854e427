/** Why settings are so that Lintel derived: whoever changes one has to keep what it agrees with. */
const REASONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'AWS::SQS::Queue': {
    VisibilityTimeout:
      '6 x the timeout of the function that works on it, plus its batching window: change them together',
    RedrivePolicy: 'what fails so often goes to the other queue, which keeps it for 14 days from the first send',
    RedriveAllowPolicy: 'names the queue by its name: the two name each other, and CloudFormation refuses a circle',
  },
  'AWS::Lambda::EventSourceMapping': {
    FunctionResponseTypes: 'the handler names the messages that failed; without it all of a batch come again',
    ScalingConfig: 'at most the reserved concurrency of the function, or messages are thrown back unworked',
    MaximumRetryAttempts: 'without an end, one record that fails blocks its shard until it expires',
    BisectBatchOnFunctionError: 'a batch that fails is halved until the record that fails is alone',
  },
  'AWS::Lambda::Function': {
    ReservedConcurrentExecutions: 'what others of the account are kept from, and what this one never has more of',
  },
  'AWS::Lambda::Version': {
    FunctionName: 'a version is published once per logical id: give it a new one whenever code or settings change',
  },
  'AWS::ApiGateway::Deployment': {
    RestApiId: 'deploys the API once per logical id: give it a new one whenever a method, route or model changes',
  },
  'AWS::DynamoDB::GlobalTable': {
    BillingMode: 'on demand: nothing is to be sized',
  },
  'AWS::Scheduler::Schedule': {
    FlexibleTimeWindow: 'OFF: it runs at its time',
  },
};

/** The comments for a resource that has these properties. */
export function reasonsFor(type: string, properties: object): readonly string[] {
  return Object.entries(REASONS[type] ?? {}).flatMap(([name, reason]) =>
    Object.hasOwn(properties, name) ? [`${name}: ${reason}`] : [],
  );
}
