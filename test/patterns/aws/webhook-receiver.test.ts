import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, CfnParameter, Duration, Size, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { ServiceFunction, WebhookReceiver, type WebhookReceiverProps, type WebhookSignature } from 'lintel/aws';
import 'lintel/testing';

let stack: Stack;
let sources: string;
let handler: string;

beforeAll(() => {
  sources = mkdtempSync(path.join(tmpdir(), 'lintel-webhook-'));
  handler = path.join(sources, 'worker.ts');
  writeFileSync(handler, 'export const handler = async () => ({ batchItemFailures: [] });\n');
});
afterAll(() => rmSync(sources, { recursive: true, force: true }));
beforeEach(() => {
  stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Shop');
});

const receiver = ({
  signature,
  ...props
}: Partial<Omit<WebhookReceiverProps, 'signature'>> & { signature?: Partial<WebhookSignature> } = {}) =>
  new WebhookReceiver(stack, 'Payments', {
    handler,
    signature: { header: 'X-Signature', secret: new Secret(stack, 'Secret'), ...signature },
    ...props,
  });
const template = () => Template.fromStack(stack);

test('puts requests into the queue without a function, and answers 202, 413 or 503', () => {
  receiver();
  template().hasResourceProperties('AWS::ApiGateway::Method', {
    HttpMethod: 'POST',
    RequestParameters: { 'method.request.header.X-Signature': true },
    Integration: {
      Type: 'AWS',
      PassthroughBehavior: 'NEVER',
      IntegrationResponses: [
        { StatusCode: '202' },
        { StatusCode: '413', SelectionPattern: '400' },
        { StatusCode: '503', SelectionPattern: '(40[1-9]|5\\d\\d)' },
      ].map(Match.objectLike),
    },
  });
  template().resourceCountIs('AWS::Lambda::Function', 1);
});

test('lets the API send to this queue, and nothing else', () => {
  receiver();
  template().hasResourceProperties('AWS::IAM::Policy', {
    PolicyName: Match.stringLikeRegexp('ApiRole'),
    PolicyDocument: {
      Statement: [
        {
          Effect: 'Allow',
          Action: 'sqs:SendMessage',
          Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('WorkerQueue'), 'Arn'] },
        },
      ],
    },
  });
});

test('hands the headers of the signature to the worker, which reads the secret by its ARN', () => {
  receiver({
    signature: { tolerance: Duration.minutes(5), timestampHeader: 'X-Timestamp', payload: 'v0:{timestamp}:{body}' },
  });
  template().hasResourceProperties('AWS::ApiGateway::Method', {
    Integration: {
      RequestTemplates: {
        'application/json': Match.stringLikeRegexp(
          "'x-signature'.*MessageAttribute.1.*'x-timestamp'.*MessageAttribute.2",
        ),
      },
    },
  });
  template().hasResourceProperties('AWS::Lambda::Function', {
    Environment: {
      Variables: {
        WEBHOOK_SECRET: { Ref: Match.stringLikeRegexp('Secret') },
        WEBHOOK_SCHEME: JSON.stringify({
          header: 'X-Signature',
          algorithm: 'sha256',
          encoding: 'hex',
          payload: 'v0:{timestamp}:{body}',
          timestampHeader: 'X-Timestamp',
          tolerance: 300,
        }),
      },
    },
  });
});

test('limits the size at the queue, the media types and the rate at the API', () => {
  receiver({
    maxRequestSize: Size.kibibytes(64),
    contentTypes: ['application/json'],
    throttle: { rate: 5, burst: 10 },
  });
  template().hasResourceProperties('AWS::SQS::Queue', { MaximumMessageSize: 65_536 });
  template().hasResourceProperties('AWS::ApiGateway::Stage', {
    MethodSettings: [Match.objectLike({ ThrottlingRateLimit: 5, ThrottlingBurstLimit: 10 })],
  });
  const [method] = Object.values(template().findResources('AWS::ApiGateway::Method'));
  expect(Object.keys(method!.Properties.Integration.RequestTemplates)).toEqual(['application/json']);
});

test('checks before the queue, by choice', () => {
  const own = new ServiceFunction(stack, 'Own', { code: lambda.Code.fromInline('exports.handler = async () => {}') });
  const { gate, worker } = receiver({ verify: 'before-queue', handler: own });
  expect(worker.handler).toBe(own);
  expect(gate).toBeDefined();
  template().hasResourceProperties('AWS::ApiGateway::Method', { Integration: { Type: 'AWS_PROXY' } });
  template().hasResourceProperties('AWS::Lambda::Function', {
    Environment: {
      Variables: { WEBHOOK_QUEUE: { Ref: Match.stringLikeRegexp('WorkerQueue') }, WEBHOOK_LIMIT: '262144' },
    },
  });
});

test('gives its URL', () => {
  expect(stack.resolve(receiver().url)).toEqual({ 'Fn::Join': ['', expect.arrayContaining(['https://'])] });
});

test('refuses a function whose handler cannot be wrapped', () => {
  const own = new ServiceFunction(stack, 'Own', { code: lambda.Code.fromInline('x') });
  expect(() => receiver({ handler: own })).toThrow(
    "'handler' must be the path of a module that exports 'handler', because the signature is checked around it, got 'Shop/Own'; give its path, or set 'verify' to 'before-queue' (Shop/Payments)",
  );
});

test.each<[Parameters<typeof receiver>[0], string]>([
  [
    { handler: 'src/missing.ts' },
    "'handler' must be the path of a file, relative to the working directory, got 'src/missing.ts'",
  ],
  [{ signature: { header: 'X Signature' } }, "'signature.header' must be the name of a header, got 'X Signature'"],
  [
    { signature: { timestampHeader: 'X-Time' } },
    "'signature.timestampHeader' must not be given without 'signature.tolerance'",
  ],
  [{ signature: { tolerance: Duration.days(2) } }, "'signature.tolerance' must be 1 second to 1 day, got 2 days"],
  [
    { signature: { payload: '{timestamp}.{body}' } },
    "'signature.payload' must contain '{body}', and '{timestamp}' only with 'signature.tolerance'",
  ],
  [{ maxRequestSize: Size.mebibytes(2) }, "'maxRequestSize' must be 1024 to 1048576 bytes, got 2097152"],
  [{ contentTypes: ['json'] }, "'contentTypes' must be media types, at least one, got ['json']"],
  [{ throttle: { rate: 0, burst: 1 } }, "'throttle.rate' must be above 0"],
  [{ signature: { header: undefined } }, "'signature.header' must be the name of a header, got nothing"],
])('refuses %j', (props, message) => {
  expect(() => receiver(props)).toThrow(message);
});

test('refuses a secret that is given as text, and does not show it', () => {
  const secret = 'hunter2' as unknown as ISecret;
  expect(() => receiver({ signature: { secret } })).toThrow("'signature.secret' must be a secret of Secrets Manager");
  expect(() => receiver({ signature: { secret } })).not.toThrow('hunter2');
});

test('refuses to be made without a signature', () => {
  const props = { handler } as WebhookReceiverProps;
  expect(() => new WebhookReceiver(stack, 'Payments', props)).toThrow("'signature' must be given, got nothing");
});

test('accepts what is known only at deployment', () => {
  const number = new CfnParameter(stack, 'Number', { type: 'Number' }).valueAsNumber;
  const type = new CfnParameter(stack, 'Type').valueAsString;
  const throttle = { rate: number, burst: number };
  expect(() =>
    receiver({ throttle, contentTypes: [type], signature: { tolerance: Duration.seconds(number) } }),
  ).not.toThrow();
});

test('minimal use', () => {
  receiver();
  expect(stack).toMatchTemplateSnapshot();
});
