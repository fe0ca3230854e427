/** All our rules against cdk-nag's AwsSolutions over one app, each as its plugin runs in a synthesis. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { LintelChecks, RULES } from 'lintel/rules';
import { atMost, timed, inTurns, type Result } from './measure';

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

/** Measures both on one synthesized app. */
export function run(): Result[] {
  const outdir = mkdtempSync(path.join(tmpdir(), 'lintel-bench-rules-'));
  try {
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
    const ours = (): number => timed(() => new LintelChecks().validate(context));
    const theirs = (): number => timed(() => new AwsSolutionsChecks().validate(context));
    const name = `${RULES.length} rules, ${STACKS * FUNCTIONS_PER_STACK} functions, ${STACKS} stacks, against AwsSolutions`;
    return [{ name, ...inTurns(31, ours, theirs), goal: atMost(0.5) }];
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
