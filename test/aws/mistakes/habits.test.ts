import {
  App,
  aws_apigateway,
  aws_certificatemanager,
  aws_dynamodb,
  aws_events,
  aws_iam,
  aws_sns,
  aws_sqs,
  Aws,
  Stack,
} from 'aws-cdk-lib';
import * as lintel from 'lintel/aws';
import { HANDLER } from './samples';

type Loose = new (scope: Stack, id: string, props: object) => { readonly node: { readonly path: string } };

const env = { account: '111122223333', region: 'eu-west-1' };
const newStack = () =>
  new Stack(new App({ builtinCloudFormationValidation: false }), 'Shop', {
    env,
  });
const made = (name: string, stack: Stack, props: object) =>
  new (lintel as unknown as Readonly<Record<string, Loose>>)[name]!(stack, 'It', props);
const routes = { 'GET /x': HANDLER };

/** What people write who come from the L2s, from SST, SAM or Workers, and what nothing else would tell them of. */
test.each<[string, string, (stack: Stack) => object, string]>([
  [
    'a handler of Workers',
    'ServiceFunction',
    () => ({ entry: 'test/aws/mistakes/exports/worker.ts' }),
    "'entry' must export 'handler' as a function, which Lambda calls, got 'test/aws/mistakes/exports/worker.ts'; write export const handler = async (event) => { ... } (Shop/It)",
  ],
  [
    'a file of data',
    'ServiceFunction',
    () => ({ entry: 'test/aws/mistakes/exports/data.json' }),
    "'entry' must export 'handler' as a function, which Lambda calls, got 'test/aws/mistakes/exports/data.json'; write export const handler = async (event) => { ... } (Shop/It)",
  ],
  [
    'a statement as access',
    'ServiceFunction',
    () => ({ entry: HANDLER, access: { T: new aws_iam.PolicyStatement() } }),
    "'access.T' must be a capability, got 'PolicyStatement'; say what the function may do with the resource, such as 'orders.read()' or 'Access.queue(queue).send()' (Shop/It)",
  ],
  [
    'the billing mode of CloudFormation',
    'EntityTable',
    () => ({ partitionKey: 'id', billing: 'PAY_PER_REQUEST' }),
    "'billing' must be a billing, got 'PAY_PER_REQUEST'; write Billing.onDemand(), or Billing.provisioned(...) (Shop/It)",
  ],
  [
    'the encryption of the first L2',
    'EntityTable',
    () => ({ partitionKey: 'id', encryption: aws_dynamodb.TableEncryption.AWS_MANAGED }),
    "'encryption' must be an encryption, got 'AWS_MANAGED'; write TableEncryptionV2.awsManagedKey(), or customerManagedKey(...) (Shop/It)",
  ],
  [
    'the deletion policy of CloudFormation',
    'EntityTable',
    () => ({ partitionKey: 'id', removalPolicy: 'Delete' }),
    "'removalPolicy' must be a removal policy, got 'Delete'; write RemovalPolicy.RETAIN (Shop/It)",
  ],
  [
    'a position without its time',
    'StreamProcessor',
    () => ({ handler: HANDLER, startingPosition: 'AT_TIMESTAMP' }),
    "'startingPosition' must be 'TRIM_HORIZON' or 'LATEST', got 'AT_TIMESTAMP'; choose one of them (Shop/It)",
  ],
  [
    'a FIFO queue for failures',
    'StreamProcessor',
    (stack) => ({ handler: HANDLER, failures: new aws_sqs.Queue(stack, 'Failed', { fifo: true }) }),
    "'failures' must be a standard queue: Lambda sends no failures to a FIFO one, got 'Shop/Failed'; leave it out for a new queue, or pass a standard one (Shop/It)",
  ],
  [
    'a route that is known only at deployment',
    'ServerlessApi',
    () => ({ authorizer: 'none', routes: { [`GET /${Aws.REGION}`]: HANDLER } }),
    "'routes' must be known when the program runs, got a value that is known only at deployment; write the route as text; a value may be a parameter: {id} (Shop/It)",
  ],
  [
    'the certificate of CloudFront',
    'ServerlessApi',
    (stack) => {
      const arn = 'arn:aws:acm:us-east-1:111122223333:certificate/x';
      const certificate = aws_certificatemanager.Certificate.fromCertificateArn(stack, 'Certificate', arn);
      return { authorizer: 'none', routes, domain: { name: 'api.example.com', certificate } };
    },
    "'domain.certificate' must be in the region of the API (eu-west-1), got 'arn:aws:acm:us-east-1:111122223333:certificate/x'; pass a certificate that is there (Shop/It)",
  ],
  [
    'a topic of another region',
    'QueueWorker',
    (stack) => ({
      handler: HANDLER,
      alarmTopic: aws_sns.Topic.fromTopicArn(stack, 'Pages', 'arn:aws:sns:us-east-1:111122223333:pages'),
    }),
    "'alarmTopic' must be in the region of the alarms (eu-west-1): it is in us-east-1, got 'Shop/Pages'; create a topic in each region; Defaults.of(stack).alarms({ topic }) sets it for a stack (Shop/It)",
  ],
  [
    'a time zone in lower case',
    'ScheduledJob',
    () => ({ handler: HANDLER, schedule: 'rate(1 day)', timeZone: 'europe/berlin' }),
    "'timeZone' must be the IANA name of a time zone, got 'europe/berlin'; write it as 'Europe/Berlin' (Shop/It)",
  ],
  [
    'the input of a rule',
    'ScheduledJob',
    () => ({
      handler: HANDLER,
      schedule: 'rate(1 day)',
      input: aws_events.RuleTargetInput.fromObject({ kind: 'nightly' }),
    }),
    "'input' must be an object that can be written as JSON, got 'FieldAwareEventInput'; write it as { kind: 'nightly' } (Shop/It)",
  ],
  [
    'a schema of Zod',
    'EventHub',
    () => ({ events: { OrderPlaced: { parse: () => undefined } } }),
    "'events.OrderPlaced' must be a JSON Schema, or the path of a file containing one, got { parse: a function }; convert it to JSON Schema, as z.toJSONSchema(...) does (Shop/It)",
  ],
  [
    'a wildcard as a type',
    'Subscription',
    (stack) => ({ hub: new lintel.EventHub(stack, 'Hub'), types: ['Order*'], handler: HANDLER }),
    "'types.0' must be an exact name: a wildcard matches no event, got 'Order*'; name each type, or leave 'types' out for all of a 'source' (Shop/It)",
  ],
])('%s is refused by %s', (_, name, props, message) => {
  const stack = newStack();
  expect(() => made(name, stack, props(stack))).toThrow(new Error(message));
});

test.each<[string, string, (stack: Stack) => object]>([
  ['no filters', 'QueueWorker', () => ({ handler: HANDLER, filters: [] })],
  ['no filters', 'StreamProcessor', () => ({ handler: HANDLER, filters: [] })],
  [
    'an alias of a time zone',
    'ScheduledJob',
    () => ({ handler: HANDLER, schedule: 'rate(1 day)', timeZone: 'Asia/Calcutta' }),
  ],
  [
    'a REST API of the team',
    'ServerlessApi',
    (stack) => ({ authorizer: 'none', routes, api: new aws_apigateway.RestApi(stack, 'Api') }),
  ],
])('%s may be given to %s', (_, name, props) => {
  const stack = newStack();
  expect(made(name, stack, props(stack)).node.path).toBe('Shop/It');
});

test('an empty list of filters is none', () => {
  const stack = newStack();
  made('QueueWorker', stack, { handler: HANDLER, filters: [] });
  const { Resources } = (stack.node.root as App).synth().getStackByName('Shop').template as {
    Resources: Record<string, { Type: string; Properties: object }>;
  };
  const mapping = Object.values(Resources).find(({ Type }) => Type === 'AWS::Lambda::EventSourceMapping');
  expect(mapping?.Properties).not.toHaveProperty('FilterCriteria');
});
