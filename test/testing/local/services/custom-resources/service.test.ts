import { CustomResource, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { LogRetention, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { inline, running, shop, stopRuns } from '../../support';

/** Answers what it was asked for, in capitals. */
const CAPITALS = `const response = require('cfn-response');
exports.handler = (event, context) => {
  console.log('got ' + JSON.stringify(event));
  const { Word } = event.ResourceProperties;
  if (Word === 'bad') return response.send(event, context, response.FAILED, {}, 'none');
  response.send(event, context, response.SUCCESS, { Capitals: Word.toUpperCase() }, 'id-of-' + Word);
};`;
const TELL = 'exports.handler = async () => ({ ...process.env });';

const custom = (stack: Stack, id: string, serviceToken: string, properties: Record<string, unknown>) =>
  new CustomResource(stack, id, { serviceToken, properties, resourceType: 'Custom::Capitals' });

function chained(stack: Stack): void {
  const { functionArn } = inline(stack, 'Maker', CAPITALS);
  // Written first, made second.
  const second = custom(stack, 'Second', functionArn, { Word: 'b', Count: 2, Deep: [{ On: true }] });
  const first = custom(stack, 'First', functionArn, { Word: 'hello' });
  second.node.addDependency(first);
  inline(stack, 'Tell', TELL, {
    environment: { WORD: first.getAttString('Capitals'), ID: first.ref, OTHER: `-${second.getAttString('Capitals')}-` },
  });
}

afterEach(stopRuns);

const lines = (run: Awaited<ReturnType<typeof running>>, name: string) => run.logs(name).map(({ message }) => message);

test('a custom resource is made by its function when the run starts, and its answer is what the templates refer to', async () => {
  const run = await running(shop(chained));
  expect(run.unsupported).toEqual([]);
  expect(await run.invoke('Tell')).toMatchObject({ WORD: 'HELLO', ID: 'id-of-hello', OTHER: '-B-' });
  const events = lines(run, 'Maker').flatMap((line) => {
    const found = /got (.*)$/.exec(line)?.[1];
    return found === undefined ? [] : [JSON.parse(found) as Record<string, unknown>];
  });
  expect(events).toMatchObject([{ LogicalResourceId: 'First' }, { LogicalResourceId: 'Second' }]);
  expect(events[1]).toEqual({
    RequestType: 'Create',
    RequestId: expect.any(String),
    ResponseURL: expect.stringMatching(/^http/),
    StackId: expect.stringMatching(/^arn:aws:cloudformation:us-east-1:123456789012:stack\/Shop\//),
    ServiceToken: expect.stringContaining(':function:'),
    ResourceType: 'Custom::Capitals',
    LogicalResourceId: 'Second',
    // CloudFormation hands over numbers and booleans as texts.
    ResourceProperties: { ServiceToken: expect.any(String), Word: 'b', Count: '2', Deep: [{ On: 'true' }] },
  });
});

test('CDK’s provider framework runs, with its two functions', async () => {
  const run = await running(
    shop((stack) => {
      const onEventHandler = inline(
        stack,
        'OnEvent',
        `exports.handler = async ({ ResourceProperties: { Word } }) => ({ PhysicalResourceId: Word, Data: { Twice: Word + Word } });`,
      );
      const { serviceToken } = new Provider(stack, 'Provider', { onEventHandler });
      const made = custom(stack, 'Made', serviceToken, { Word: 'ab' });
      inline(stack, 'Tell', TELL, { environment: { TWICE: made.getAttString('Twice'), ID: made.ref } });
    }),
  );
  expect(run.unsupported).toEqual([]);
  expect(await run.invoke('Tell')).toMatchObject({ TWICE: 'abab', ID: 'ab' });
});

test('the test’s answer stands in for the function, which is not called', async () => {
  const run = await running(shop(chained), {
    customResources: { 'Shop/First': { Ref: 'mine', Capitals: 'GIVEN' }, Second: { Capitals: 'ALSO' } },
  });
  expect(await run.invoke('Tell')).toMatchObject({ WORD: 'GIVEN', ID: 'mine', OTHER: '-ALSO-' });
  expect(lines(run, 'Maker')).toEqual([]);
  expect(run.unsupported).toEqual([]);
});

test('refuses an answer for a custom resource that is not there', async () => {
  await expect(running(shop(chained), { customResources: { Third: {} } })).rejects.toThrow(
    "there is no custom resource 'Third'; there are 'Shop/Second', 'Shop/First'",
  );
});

test.each([
  ['answers FAILED', CAPITALS, 'its function answered FAILED: See the details in CloudWatch Log Stream'],
  ['throws', `exports.handler = async () => { throw new Error('no'); };`, 'its function failed: no'],
  ['answers nothing', 'exports.handler = async () => {};', 'its function ended without an answer to the ResponseURL'],
])('lists a custom resource whose function %s', async (_, code, reason) => {
  const run = await running(
    shop((stack) => void custom(stack, 'Made', inline(stack, 'Maker', code).functionArn, { Word: 'bad' })),
  );
  expect(run.unsupported).toEqual([
    { resource: 'Shop/Made', type: 'Custom::Capitals', reason: expect.stringContaining(reason) },
  ]);
  expect(run.unsupported[0]!.reason).toContain("give its answer in 'customResources: { 'Shop/Made': { ... } }'");
});

test('lists what was read before the custom resource was made; with an answer of the test it is right', async () => {
  const app = () =>
    shop((stack) => {
      const made = custom(stack, 'Made', inline(stack, 'Maker', CAPITALS).functionArn, { Word: 'name' });
      new Queue(stack, 'Queue', { queueName: made.getAttString('Capitals') });
    });
  const run = await running(app());
  expect(run.unsupported).toEqual([
    {
      resource: 'Shop/Queue',
      type: 'AWS::SQS::Queue',
      reason: expect.stringContaining("it was read before 'Shop/Made' was made"),
    },
  ]);
  const given = await running(app(), { customResources: { Made: { Capitals: 'NAME' } } });
  expect(given.unsupported).toEqual([]);
  expect(given.nameOf('Queue')).toBe('NAME');
});

test('CDK’s own helpers for deletion and retention are silent', async () => {
  const run = await running(
    shop((stack) => {
      new Bucket(stack, 'Files', { autoDeleteObjects: true, removalPolicy: RemovalPolicy.DESTROY });
      new LogRetention(stack, 'Retention', { logGroupName: '/aws/lambda/x', retention: RetentionDays.ONE_DAY });
    }),
  );
  expect(run.unsupported).toEqual([]);
});
