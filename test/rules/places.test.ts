import { readGraph } from '../../lib/core/model/read-graph';
import { readTemplate } from '../../lib/core/model/read-template';
import { judge } from '../../lib/rules/judge';
import { RULES } from '../../lib/rules/rules/registry';

/** `<rule> <property> <line>` of each finding. */
const said = (model: Parameters<typeof judge>[0]): string[] =>
  judge(model, { rules: RULES }).findings.map(({ rule, property, location }) =>
    [rule, property, location?.line].filter((one) => one !== undefined).join(' '),
  );

test('a finding on what SAM makes of an event stands at the event, or at the property in it', () => {
  const template = `
Transform: AWS::Serverless-2016-10-31
Globals: { Function: { Timeout: 1000,
  Runtime: nodejs12.x } }
Resources:
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Handler: index.handler
      CodeUri: .
      MemorySize: 64
      FunctionUrlConfig:
        AuthType: NONE
      Policies: [CloudWatchLogsReadOnlyAccess,
        AdministratorAccess]
      Events:
        Home:
          Type: Api
          Properties: { Path: /, Method: get }
        Jobs:
          Type: SQS
          Properties:
            Queue: !GetAtt Queue.Arn
            BatchSize: 20000
        Placed:
          Type: EventBridgeRule
          Properties:
            Pattern:
              source: []
  Queue: { Type: AWS::SQS::Queue }
`;
  const found = said(readTemplate(template, { file: 'sam.yaml' }));
  expect(found).toEqual(
    expect.arrayContaining([
      'FunctionTimeout Timeout 3',
      'FunctionRuntime Runtime 4',
      'FunctionMemory MemorySize 11',
      'FunctionUrlPublic AuthType 13',
      'AdministratorAccess ManagedPolicyArns.3 14',
      'ApiRouteAuthorizer AuthorizationType 19',
      'MappingLimits BatchSize 24',
      'EventPatternSyntax EventPattern.source 29',
    ]),
  );
});

describe('findings in a Pulumi program', () => {
  const resource = (type: string, name: string, inputs: object) => ({
    type,
    name,
    inputs: { ...inputs },
    dependsOn: [],
    secrets: [],
    options: {},
  });
  const graph = {
    resources: [
      resource('aws:lambda/function:Function', 'worker', {
        memorySize: 64,
        timeout: 1000,
        ephemeralStorage: { size: 1 },
        environment: { variables: { DB_PASSWORD: 'hunter2-hunter2' } },
      }),
      resource('aws:lambda/functionUrl:FunctionUrl', 'url', {
        functionName: '${aws:lambda/function:Function::worker.name}',
        authorizationType: 'NONE',
      }),
      resource('aws:lambda/permission:Permission', 'any', {
        function: 'worker',
        action: 'lambda:InvokeFunction',
        principal: 's3.amazonaws.com',
      }),
      resource('aws:sqs/queue:Queue', 'jobs', {
        name: 'jobs.fifo',
        messageRetentionSeconds: 99_999_999,
        visibilityTimeoutSeconds: 5,
        redrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:111122223333:dead","maxReceiveCount":5000}',
      }),
      resource('aws:lambda/eventSourceMapping:EventSourceMapping', 'jobs', {
        eventSourceArn: '${aws:sqs/queue:Queue::jobs.arn}',
        functionName: '${aws:lambda/function:Function::worker.name}',
        batchSize: 500,
      }),
      resource('aws:kinesis/stream:Stream', 'clicks', {}),
      resource('aws:dynamodb/table:Table', 'orders', { hashKey: 'id' }),
      resource('aws:cloudwatch/logGroup:LogGroup', 'logs', {}),
      resource('aws:cloudwatch/eventRule:EventRule', 'all', { eventPattern: '{"source":[{"prefix":""}]}' }),
    ],
    outputs: {},
    sources: { 'aws:lambda/function:Function::worker': { file: 'infra/index.ts', line: 12, column: 3 } },
  };
  const { findings } = judge(readGraph(graph, { name: 'shop/test' }), { rules: RULES });

  test('speak of properties and types as Pulumi calls them: place, fault and remedy', () => {
    expect(findings.map(({ rule, property }) => `${rule} ${property ?? ''}`)).toEqual(
      expect.arrayContaining([
        'FunctionMemory memorySize',
        'FunctionTimeout timeout',
        'FunctionLimits ephemeralStorage.size',
        'PlaintextSecret environment.variables.DB_PASSWORD',
        'QueueLimits messageRetentionSeconds',
        'FunctionTracing tracingConfig.mode',
        'FunctionUrlPublic authorizationType',
      ]),
    );
    const remedies = Object.fromEntries(findings.map(({ rule, remedy }) => [rule, remedy]));
    expect(remedies).toMatchObject({
      FunctionUrlPermission: 'add an aws.lambda.Permission for the missing action, with Principal *',
      QueueVisibilityTimeout: 'set visibilityTimeoutSeconds to 6 times the function’s timeout',
      TableRecovery: 'set pointInTimeRecovery.enabled to true, in every replica',
      FifoSettings: expect.stringContaining('fifoQueue'),
    });
    const words = findings.flatMap(({ message, remedy = '', property = '' }) => [message, remedy, property]);
    const foreign = /(?<![:.\w])(AWS::\w+|(?!ReportBatch|CloudFront|SecureString)[A-Z][a-z]+[A-Z]\w*)/;
    expect(words.filter((text) => foreign.test(text))).toEqual([]);
  });

  test('stand at the line of the program, where the graph knows it', () => {
    expect(findings.find(({ rule }) => rule === 'FunctionMemory')!.origin).toEqual({
      file: 'infra/index.ts',
      line: 12,
      column: 3,
    });
  });
});
