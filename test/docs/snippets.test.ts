import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import ts from 'typescript';
import * as lintelAws from 'lintel/aws';
import { examples } from './examples';
import { errorsOf, pages, root, snippetsOf, split } from './snippets';

/**
 * Snippets of the pages on AWS are statements in the constructor of a stack (`this`), with everything of `lintel/aws` and
 * the usual names of aws-cdk-lib imported. A snippet that imports something itself is a program or a test of its own: it is
 * type-checked, not run.
 */
const CDK_NAMES = [
  'App',
  'Stack',
  'Duration',
  'Size',
  'RemovalPolicy',
  'Validations',
  'aws_lambda as lambda',
  'aws_sqs as sqs',
  'aws_sns as sns',
  'aws_s3 as s3',
  'aws_ec2 as ec2',
  'aws_dynamodb as dynamodb',
  'aws_kinesis as kinesis',
  'aws_secretsmanager as secretsmanager',
  'aws_stepfunctions_tasks as tasks',
  'aws_cognito as cognito',
  'aws_apigateway as apigateway',
  'aws_wafv2 as wafv2',
  'aws_certificatemanager as acm',
];
const snippets = pages()
  .filter((page) => !page.includes('examples/edge'))
  .flatMap(snippetsOf);
const isProgram = (code: string) => split(code).imports !== '';
let directory: string;

beforeAll(() => {
  mkdirSync(path.join(root, '.cache'), { recursive: true });
  directory = mkdtempSync(path.join(root, '.cache/snippets-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function source(code: string): string {
  const { imports, body } = split(code);
  if (imports) return code;
  const names = Object.keys(lintelAws).filter((name) => new RegExp(`\\b${name}\\b`).test(body));
  const cdkNames = CDK_NAMES.filter((name) => new RegExp(`\\b${name.split(' as ').at(-1)}\\b`).test(body));
  return [
    `import { ${names.join(', ')} } from 'lintel/aws';`,
    `import { ${['Stack as Stack_', ...cdkNames].join(', ')} } from 'aws-cdk-lib';`,
    `export function build(this: Stack_) {\n${body}\n}`,
  ].join('\n');
}

test('every snippet of the pages, and every example of a doc comment, compiles', () => {
  expect(errorsOf(directory, [...snippets, ...examples('aws')], source)).toEqual([]);
}, 60_000);

test.each(snippets.filter(({ code }) => !isProgram(code)).map((snippet) => [snippet.place, snippet.code]))(
  'the snippet at %s synthesizes',
  (_, code) => {
    const { outputText } = ts.transpileModule(source(code), {
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
    });
    const exported: { build?: (this: cdk.Stack) => void } = {};
    const modules: Record<string, unknown> = { 'lintel/aws': lintelAws, 'aws-cdk-lib': cdk };
    new Function('exports', 'require', outputText)(exported, (name: string) => modules[name]);
    const work = mkdtempSync(path.join(directory, 'work-'));
    for (const [, handler] of code.matchAll(/'(src\/[\w./-]+\.ts)'/g)) {
      mkdirSync(path.dirname(path.join(work, handler!)), { recursive: true });
      writeFileSync(path.join(work, handler!), 'export const handler = async () => ({});\n');
    }
    mkdirSync(path.join(work, 'migrations'));
    writeFileSync(path.join(work, 'migrations/0001_first.sql'), 'CREATE TABLE first (id int);\n');
    const before = process.cwd();
    process.chdir(work);
    try {
      const app = new cdk.App({ builtinCloudFormationValidation: false, outdir: path.join(work, 'cdk.out') });
      exported.build!.call(new cdk.Stack(app, 'Page'));
      expect(app.synth().stacks).not.toEqual([]);
    } finally {
      process.chdir(before);
    }
  },
);
