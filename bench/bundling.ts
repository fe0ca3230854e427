import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { App, AssetStaging, Stack } from 'aws-cdk-lib';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { ServiceFunction } from 'lintel/aws';
import { atMost, clocked, fasterBy, inTurns, type Result } from './measure';

const HANDLERS = 30;

/** Handlers as they are in practice: a client of the SDK, which the runtime has, and a logger, which it has not. */
export function run(): Result[] {
  mkdirSync('.cache', { recursive: true });
  const directory = mkdtempSync('.cache/bench-handlers-');
  try {
    const entries = Array.from({ length: HANDLERS }, (_, index) => handlerFile(directory, index));
    const make = (stack: Stack, id: string, entry: string) => new ServiceFunction(stack, id, { entry });
    const cold = () => synthesize(directory, entries, make, { 'lintel:bundleCache': false });
    const again = () => synthesize(directory, entries, make);
    const theirs = () =>
      synthesize(
        directory,
        entries,
        (stack, id, entry) => new NodejsFunction(stack, id, { entry, runtime: Runtime.NODEJS_24_X }),
      );
    const name = `${HANDLERS} handlers by ServiceFunction`;
    const first = inTurns(3, cold, theirs);
    again();
    return [
      { name: `${name} / by NodejsFunction`, ...first, goal: fasterBy(40) },
      { name: `${name}, unchanged / anew`, ...inTurns(9, again, cold), goal: atMost(0.9) },
    ];
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function handlerFile(directory: string, index: number): string {
  const file = path.join(directory, `handler-${index}.ts`);
  writeFileSync(
    file,
    `import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
const logger = new Logger({ serviceName: 'handler-${index}' });
const client = new DynamoDBClient({});
export const handler = async ({ id }: { id: string }) => {
  logger.info('asked', { id });
  return client.send(new GetItemCommand({ TableName: process.env.TABLE, Key: { id: { S: id } } }));
};
`,
  );
  return file;
}

function synthesize(
  directory: string,
  entries: readonly string[],
  add: (stack: Stack, id: string, entry: string) => void,
  context: Record<string, unknown> = {},
): number {
  AssetStaging.clearAssetHashCache();
  const outdir = mkdtempSync(path.join(directory, 'out-'));
  return clocked(() => {
    const app = new App({ outdir, context, builtinCloudFormationValidation: false });
    const stack = new Stack(app, 'Stack');
    entries.forEach((entry, index) => add(stack, `Handler${index}`, entry));
    app.synth();
  });
}
