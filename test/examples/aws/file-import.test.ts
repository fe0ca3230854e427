import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { App } from 'aws-cdk-lib';
import { type LocalRun, runLocally } from 'lintel/testing';
import { ImportStack } from '../../../examples/aws/file-import/import-stack';
import { priceListOf } from '../../../examples/aws/file-import/src/price-list';

test('a price list tells its prices, and which lines are none', () => {
  expect(priceListOf('sku;price\ntea;4.99\ncup;12\n\nsaucer;free\n')).toEqual({
    prices: [
      { sku: 'tea', cents: 499 },
      { sku: 'cup', cents: 1200 },
    ],
    rejected: ['line 5: saucer;free'],
  });
});

test('refuses a file that is no price list', () => {
  expect(() => priceListOf('<html>')).toThrow("a price list must begin with the line 'sku;price'");
});

describe('run locally', () => {
  let run: LocalRun;
  let stack: ImportStack;
  let files: S3Client;

  beforeAll(async () => {
    const app = new App({ builtinCloudFormationValidation: false });
    stack = new ImportStack(app, 'FileImport');
    run = await runLocally(app, { timeScale: 600 });
    files = new S3Client({ ...run.clientConfig, forcePathStyle: true });
  }, 30_000);
  afterAll(async () => {
    files.destroy();
    await run.stop();
  });

  async function upload(Key: string, Body: string): Promise<void> {
    await files.send(new PutObjectCommand({ Bucket: run.nameOf(stack.imports.bucket), Key, Body }));
    await run.idle({ timeout: 15_000 });
  }

  const deadLetters = () => run.queue(stack.imports.worker.deadLetterQueue!).messages();

  test('imports a list that is uploaded, and writes what it could not read to another prefix', async () => {
    await upload('incoming/spring.csv', 'sku;price\ntea;4.99\nsaucer;free\n');
    const table = DynamoDBDocumentClient.from(run.client(DynamoDBClient));
    const { Items } = await table.send(new ScanCommand({ TableName: run.nameOf(stack.prices) }));
    expect(Items).toEqual([{ sku: 'tea', cents: 499 }]);
    const rejected = new GetObjectCommand({ Bucket: run.nameOf(stack.imports.bucket), Key: 'rejected/spring.txt' });
    await expect((await files.send(rejected)).Body?.transformToString()).resolves.toBe('line 3: saucer;free\n');
  }, 30_000);

  test('leaves other files alone', async () => {
    await upload('incoming/readme.txt', 'x');
    await upload('elsewhere/list.csv', 'x');
    expect(deadLetters()).toEqual([]);
  }, 30_000);

  test('keeps the event of a file that is no price list', async () => {
    await upload('incoming/broken.csv', '<html>');
    const [event] = deadLetters();
    expect(JSON.parse(event!.body)).toMatchObject({ detail: { object: { key: 'incoming/broken.csv' } } });
  }, 30_000);
});
