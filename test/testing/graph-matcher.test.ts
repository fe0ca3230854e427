import { tmpdir } from 'node:os';
import path from 'node:path';
import '../../lib/testing/register';
import { synthesize } from '../../lib/pulumi/synthesize';
import { normalizeGraph } from '../../lib/testing/graph-matcher';
import { shop } from '../pulumi/fixtures/shop';

const normalized = (inputs: Record<string, unknown>) =>
  normalizeGraph({
    resources: [{ type: 'a:b:C', name: 'c', inputs, dependsOn: [], secrets: [], options: {} }],
    outputs: {},
  }).resources[0]!.inputs;

test('a graph is compared with its snapshot', async () => {
  const config = { key: { secret: 'correct-horse-battery' } };
  expect(await synthesize(shop, { project: 'acme', stack: 'dev', config })).toMatchGraphSnapshot();
});

test('a changed input is a difference', async () => {
  const graph = await synthesize(shop, { config: { key: { secret: 'x' } } });
  const changed = {
    ...graph,
    resources: graph.resources.map((one) => ({ ...one, inputs: { ...one.inputs, extra: 1 } })),
  };
  expect(normalizeGraph(changed)).not.toEqual(normalizeGraph(graph));
});

test('digests, code and places of files are left out', () => {
  const digest = 'ab'.repeat(32);
  expect(
    normalized({
      sha: digest,
      file: path.join(process.cwd(), 'dist', 'index.js'),
      temporary: path.join(tmpdir(), 'x-123', 'index.js'),
      key: `assets/${digest}.zip`,
      nested: [{ content: 'code();\n'.repeat(50) }],
      content: 'short',
    }),
  ).toEqual({
    sha: '<hash>',
    file: 'dist/index.js',
    temporary: '<tmp>/index.js',
    key: 'assets/<hash>.zip',
    nested: [{ content: '<content>' }],
    content: 'short',
  });
});

test('a CloudFormation template is shown as one', () => {
  const templateBody = JSON.stringify({
    Resources: { Queue: { Type: 'AWS::SQS::Queue', Metadata: { 'aws:cdk:path': 'x' } } },
  });
  expect(normalized({ templateBody })).toEqual({ templateBody: { Resources: { Queue: { Type: 'AWS::SQS::Queue' } } } });
});

test('refuses what is no graph, such as a promise of one', () => {
  expect(() => expect(synthesize(() => undefined)).toMatchGraphSnapshot()).toThrow("'await synthesize(program)'");
});
