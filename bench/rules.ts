/** All our rules against cdk-nag's AwsSolutions over one app, each as its plugin runs in a synthesis. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { App, Stack } from 'aws-cdk-lib';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { LintelChecks, RULES } from 'lintel/rules';
import { atMost, inTurns, type Result } from './measure';

const STACKS = 15;
const FUNCTIONS_PER_STACK = 10;

/** Functions with a table each; every fifth reads a queue. */
function build(outdir: string): App {
  const app = new App({ outdir, builtinCloudFormationValidation: false });
  for (let number = 0; number < STACKS; number++) {
    const stack = new Stack(app, `Stack${number}`);
    for (let index = 0; index < FUNCTIONS_PER_STACK; index++) {
      const table = new Table(stack, `Table${index}`, { partitionKey: { name: 'id', type: AttributeType.STRING } });
      const handler = new Function(stack, `Function${index}`, {
        runtime: Runtime.NODEJS_22_X,
        handler: 'index.handler',
        code: Code.fromInline('x'),
        environment: { TABLE: table.tableName },
      });
      table.grantReadData(handler);
      if (index % 5 === 0) handler.addEventSource(new SqsEventSource(new Queue(stack, `Queue${index}`)));
    }
  }
  return app;
}

type Side = 'ours' | 'theirs';

/** Both plugins over one synthesized app, as the CDK calls them. */
function plugins(outdir: string): Record<Side, () => void> {
  const app = build(outdir);
  const assembly = app.synth();
  const context = {
    appConstruct: app,
    templatePaths: assembly.stacks.map(({ templateFullPath }) => templateFullPath),
    stackTemplates: assembly.stacks.map(({ hierarchicalId, templateFullPath }) => ({
      stackConstructPath: hierarchicalId,
      templatePath: templateFullPath,
      accountId: undefined,
      region: undefined,
    })),
  };
  return {
    ours: () => void new LintelChecks().validate(context),
    theirs: () => void new AwsSolutionsChecks().validate(context),
  };
}

/** Milliseconds of CPU. Without collecting garbage first, which throws the compiled code of both away. */
function cpu(action: () => void): number {
  const start = process.cpuUsage();
  action();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

interface First {
  readonly side: Side;
  readonly outdir: string;
  readonly shared: SharedArrayBuffer;
}

/** The first time, in a new thread that has loaded and compiled nothing yet: what a synthesis pays. */
function first(side: Side, outdir: string): number {
  const shared = new SharedArrayBuffer(16);
  new Worker(__filename, { workerData: { side, outdir, shared } satisfies First });
  Atomics.wait(new Int32Array(shared, 8), 0, 0, 60_000);
  return new Float64Array(shared, 0, 1)[0]!;
}

function answer({ side, outdir, shared }: First): void {
  const both = plugins(path.join(outdir, side));
  new Float64Array(shared, 0, 1)[0] = cpu(both[side]);
  Atomics.store(new Int32Array(shared, 8), 0, 1);
  Atomics.notify(new Int32Array(shared, 8), 0);
}

/** Writes another description into a template each time. */
function changing(file: string): () => void {
  const template = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  let times = 0;
  return () => {
    times += 1;
    writeFileSync(file, JSON.stringify({ ...template, Description: `Written ${times} times` }, undefined, 1));
  };
}

/** Measures the first judgement of a process, and further ones of a warm process. */
export function run(): Result[] {
  if (!isMainThread) {
    answer(workerData as First);
    return [];
  }
  const outdir = mkdtempSync(path.join(tmpdir(), 'lintel-bench-rules-'));
  try {
    const both = plugins(outdir);
    const size = `${RULES.length} rules, ${STACKS * FUNCTIONS_PER_STACK} functions, ${STACKS} stacks`;
    const cold = inTurns(
      5,
      () => first('ours', outdir),
      () => first('theirs', outdir),
    );
    const turns = (before: () => void) =>
      inTurns(
        21,
        () => {
          before();
          return cpu(both.ours);
        },
        () => cpu(both.theirs),
      );
    const change = changing(path.join(outdir, 'Stack0.template.json'));
    turns(change); // until both are compiled
    return [
      { name: `${size}, the first time`, ...cold, goal: atMost(0.5) },
      { name: `${size}, again`, ...turns(() => undefined), goal: atMost(0.3) },
      { name: `${size}, again, a stack changed`, ...turns(change), goal: atMost(1.3) },
    ];
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
