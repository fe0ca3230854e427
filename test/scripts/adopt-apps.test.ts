import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, aws_dynamodb, aws_lambda, aws_sqs, Duration, Stack } from 'aws-cdk-lib';
import { EntityTable, ServiceFunction, WorkQueue } from 'lintel/aws';
import { main } from '../../lib/cli/main';
import { adopted } from '../../scripts/adopt-apps/rewrite';

const program = `#!/usr/bin/env node
const jobs = new Queue(this, "Jobs", { fifo: true });
jobs.grantSendMessages(one);
jobs.grantSendMessages(other);
`;

test('takes what a recipe says into a program', () => {
  const steps = [
    { file: 'app.ts', at: { construct: 'Jobs' }, becomes: "new WorkQueue(this, 'Jobs')" },
    { file: 'app.ts', at: { statement: 'jobs.grant' }, becomes: '', times: 2 },
  ];
  expect(adopted(program, 'app.ts', steps, 'WorkQueue')).toBe(
    "#!/usr/bin/env node\nimport { WorkQueue } from 'lintel/aws';\nconst jobs = new WorkQueue(this, 'Jobs');\n\n\n",
  );
});

test('refuses a program that is not the one of the recipe', () => {
  const step = { file: 'app.ts', at: { construct: 'Orders' }, becomes: '' };
  expect(() => adopted(program, 'app.ts', [step], 'WorkQueue')).toThrow(
    'app.ts has 0 places for {"construct":"Orders"}, not 1',
  );
});

test('our blocks in the place of constructs of their ids delete and replace nothing that holds something', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'lintel-adopt-'));
  const synthesize = (name: string, make: (stack: Stack, code: aws_lambda.Code) => void): string => {
    const app = new App({ outdir: path.join(folder, name), builtinCloudFormationValidation: false });
    make(new Stack(app, 'Shop'), aws_lambda.Code.fromInline('exports.handler = async () => {}'));
    return app.synth().directory;
  };
  const base = synthesize('base', (stack, code) => {
    const queue = new aws_sqs.Queue(stack, 'Failed', { retentionPeriod: Duration.days(14) });
    new aws_sqs.Queue(stack, 'Jobs', { deadLetterQueue: { queue, maxReceiveCount: 3 } });
    const partitionKey = { name: 'id', type: aws_dynamodb.AttributeType.STRING };
    const orders = new aws_dynamodb.TableV2(stack, 'Orders', { partitionKey });
    const runtime = aws_lambda.Runtime.NODEJS_24_X;
    const place = new aws_lambda.Function(stack, 'Place', { code, handler: 'index.handler', runtime });
    orders.grantReadData(place);
  });
  const head = synthesize('head', (stack, code) => {
    const deadLetterQueue = new aws_sqs.Queue(stack, 'Failed', { retentionPeriod: Duration.days(14) });
    new WorkQueue(stack, 'Jobs', { deadLetterQueue, maxAttempts: 3 });
    const orders = new EntityTable(stack, 'Orders', { partitionKey: 'id' });
    new ServiceFunction(stack, 'Place', { code, handler: 'index.handler', access: { ORDERS: orders.read() } });
  });
  let out = '';
  const io = { out: (text: string) => void (out += text), note: (text: string) => void (out += text), colour: false };
  const code = await main(['diff', base, head], io);
  rmSync(folder, { recursive: true });
  expect({ code, out }).toEqual({ code: 0, out: expect.not.stringContaining('is replaced') as string });
});
