import { execFileSync } from 'node:child_process';
import { inTurns, overBy, type Result } from './measure';

const CDK = "require('constructs'); const cdk = require('aws-cdk-lib');";

/** The L2s that an API with functions and a table is made of. */
const L2S = {
  'aws-apigatewayv2': ['HttpApi', 'HttpStage', 'HttpRoute'],
  'aws-apigatewayv2-authorizers': ['HttpJwtAuthorizer'],
  'aws-apigatewayv2-integrations': ['HttpLambdaIntegration'],
  'aws-dynamodb': ['TableV2'],
  'aws-iam': ['Role', 'PolicyStatement'],
  'aws-lambda': ['Function'],
  'aws-logs': ['LogGroup'],
};

/** What an app pays before its first construct. Found on two shared cores: 1 ms and 6 ms more. */
export function run(): Result[] {
  const l2s = Object.entries(L2S).map(([module, names]) => uses(`aws-cdk-lib/${module}`, names));
  const all = `${CDK} ${l2s.join(' ')}`;
  return [
    compare('import of lintel/aws and aws-cdk-lib / aws-cdk-lib', `${CDK} require('lintel/aws');`, CDK, 20),
    compare(
      'ServerlessApi, EntityTable / L2s',
      `${all} ${uses('lintel/aws', ['ServerlessApi', 'EntityTable'])}`,
      all,
      30,
    ),
  ];
}

function compare(name: string, ours: string, theirs: string, most: number): Result {
  const times = inTurns(
    15,
    () => timeOf(ours),
    () => timeOf(theirs),
  );
  return { name, ...times, goal: overBy(most) };
}

/** Names are loaded when they are used. */
function uses(module: string, names: readonly string[]): string {
  return `{ const module = require('${module}'); ${names.map((name) => `module.${name};`).join(' ')} }`;
}

/** Milliseconds of CPU that a script takes in a fresh process, without the start of the process. */
function timeOf(script: string): number {
  const timed = `const start = process.cpuUsage(); ${script}
const { user, system } = process.cpuUsage(start); console.log((user + system) / 1000);`;
  return Number(execFileSync(process.execPath, ['-e', timed], { encoding: 'utf8' }));
}
