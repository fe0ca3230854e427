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
Resources:
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs24.x
      Handler: index.handler
      CodeUri: .
      MemorySize: 64
      Events:
        Home:
          Type: Api
          Properties: { Path: /, Method: get }
        Jobs:
          Type: SQS
          Properties:
            Queue: !GetAtt Queue.Arn
            BatchSize: 20000
  Queue: { Type: AWS::SQS::Queue }
`;
  const found = said(readTemplate(template, { file: 'sam.yaml' }));
  expect(found).toEqual(
    expect.arrayContaining([
      'FunctionMemory MemorySize 10',
      'ApiRouteAuthorizer AuthorizationType 14',
      'MappingLimits BatchSize 19',
    ]),
  );
});

test('a finding in a Pulumi program speaks of the properties as Pulumi calls them', () => {
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
      resource('aws:sqs/queue:Queue', 'jobs', {
        messageRetentionSeconds: 99_999_999,
        redrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:111122223333:dead","maxReceiveCount":5000}',
      }),
    ],
    outputs: {},
  };
  const found = said(readGraph(graph, { name: 'shop/test' }));
  expect(found).toEqual(
    expect.arrayContaining([
      'FunctionMemory memorySize',
      'FunctionTimeout timeout',
      'FunctionLimits ephemeralStorage.size',
      'PlaintextSecret environment.variables.DB_PASSWORD',
      'QueueLimits messageRetentionSeconds',
      'FunctionTracing tracingConfig.mode',
    ]),
  );
});
