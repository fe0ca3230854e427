import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { accessMatrix, diffAccess } from '../lib/access';
import { read } from '../lib/core/model';
import { type Goal, inTurns, type Result, timed } from './measure';

const STACKS = 20;
const FUNCTIONS = 50;

/** 1,000 functions in 20 stacks, each with a role of its own, four grants and a rule that invokes it. */
export function synthesize(outdir: string): void {
  const app = new App({ outdir, builtinCloudFormationValidation: false });
  for (let number = 0; number < STACKS; number++) {
    const stack = new Stack(app, `Stack${number}`);
    const table = new TableV2(stack, 'Table', { partitionKey: { name: 'id', type: AttributeType.STRING } });
    const queue = new Queue(stack, 'Queue', { enforceSSL: true });
    const bucket = new Bucket(stack, 'Bucket', { enforceSSL: true });
    for (let index = 0; index < FUNCTIONS; index++) {
      const handler = new Function(stack, `Function${index}`, {
        runtime: Runtime.NODEJS_22_X,
        handler: 'index.handler',
        code: Code.fromInline('exports.handler = async () => {};'),
      });
      table.grantReadWriteData(handler);
      queue.grantSendMessages(handler);
      bucket.grantRead(handler);
      new Rule(stack, `Rule${index}`, {
        schedule: Schedule.expression('rate(1 day)'),
        targets: [new LambdaFunction(handler)],
      });
    }
  }
  app.synth();
}

const within = (milliseconds: number): Goal => ({
  text: `<= ${milliseconds} ms`,
  reached: (ours) => ours <= milliseconds,
});

export function run(): Result[] {
  const outdir = mkdtempSync(path.join(tmpdir(), 'lintel-bench-'));
  try {
    synthesize(outdir);
    const files = readdirSync(outdir).filter((file) => file.endsWith('.json'));
    const parse = (): void => {
      for (const file of files) JSON.parse(readFileSync(path.join(outdir, file), 'utf8'));
    };
    const model = read(outdir);
    const count = STACKS * FUNCTIONS;
    const result = (name: string, ours: () => unknown, goal: Goal): Result => {
      const { ours: own, theirs } = inTurns(
        5,
        () => timed(() => void ours()),
        () => timed(parse),
      );
      return { name: `${name} / parsing the files`, ours: own, theirs, goal };
    };
    return [
      result(`matrix of ${count} functions`, () => accessMatrix(model), within(1000)),
      result('matrix, reading included', () => accessMatrix(read(outdir)), within(2000)),
      result(`diff of ${count} functions`, () => diffAccess(model, read(outdir)), within(2000)),
    ];
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
