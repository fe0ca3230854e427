import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isProject, readProject, synthesizeProject } from '../../lib/pulumi/project';

mkdirSync('.cache', { recursive: true });
/** Below the repository, so that its packages are found; its own, since the same file may run twice at a time. */
const directory = mkdtempSync(path.resolve('.cache', 'test-project-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const write = (files: Readonly<Record<string, string>>) => {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(directory, name), content);
};

const PROGRAM = `
  import * as cloudflare from '@pulumi/cloudflare';
  import * as pulumi from '@pulumi/pulumi';
  const config = new pulumi.Config();
  console.log('printed by the program');
  export const queue = new cloudflare.Queue('queue', { accountId: 'acc', queueName: config.require('name') }).queueName;
  export const key = config.getSecret('key');`;

describe('a project', () => {
  test('is run as its only stack, with its configuration, and prints nothing here', async () => {
    write({
      'Pulumi.yaml': 'name: acme\nruntime: nodejs\nmain: main.ts\nconfig:\n  acme:name: { default: by-default }\n',
      'Pulumi.prod.yaml': 'config:\n  acme:name: in-production\n  acme:key: { secure: v1:abc }\n',
      'main.ts': PROGRAM,
    });
    const project = readProject(directory);
    expect(project).toMatchObject({ project: 'acme', stack: 'prod' });
    const { resources, outputs } = await synthesizeProject(project);
    expect(resources.map(({ name, inputs }) => [name, inputs.queueName])).toEqual([['queue', 'in-production']]);
    expect(outputs).toEqual({ queue: 'in-production', key: '${secret}' });
  });

  test('is run without configuration as dev, by the index that exports a function', async () => {
    write({
      'Pulumi.yaml': 'name: acme\nruntime: { name: nodejs }\n',
      'index.js':
        "const { getStack } = require('@pulumi/pulumi');\nmodule.exports = async () => ({ stack: getStack() });",
    });
    expect((await synthesizeProject(readProject(path.join(directory, 'Pulumi.yaml')))).outputs).toEqual({
      stack: 'dev',
    });
  });

  test('may be an ES module', async () => {
    write({
      'Pulumi.yaml': 'name: acme\nruntime: nodejs\n',
      'package.json': '{ "type": "module", "main": "main.js" }',
      'main.js': "import { getProject } from '@pulumi/pulumi';\nexport const project = getProject();",
    });
    expect((await synthesizeProject(readProject(directory))).outputs).toEqual({ project: 'acme' });
  });

  test('is run as the stack whose file is named', () => {
    write({ 'Pulumi.yaml': 'name: acme\nruntime: nodejs\n', 'Pulumi.a.yaml': '', 'Pulumi.b.yaml': '', 'index.js': '' });
    expect(readProject(path.join(directory, 'Pulumi.b.yaml')).stack).toBe('b');
    expect(isProject(path.join(directory, 'index.js'))).toBe(false);
    expect(() => readProject(directory)).toThrow(
      'has several stacks: Pulumi.a.yaml, Pulumi.b.yaml; name one of these files',
    );
  });

  test.each([
    ['another language', 'name: acme\nruntime: python\n', "is a program for 'python'; only Node.js programs"],
    ['no program', 'name: acme\nruntime: nodejs\nmain: nowhere.ts\n', "has no program at 'nowhere.ts'; set 'main'"],
    ['bad YAML', 'name: [', 'cannot be read'],
  ])('refuses %s', (_what, yaml, message) => {
    write({ 'Pulumi.yaml': yaml });
    expect(() => readProject(directory)).toThrow(message);
  });

  test.each([
    ['throws', "throw new Error('by design');", 'cannot be run: by design'],
    ['ends its process', 'process.exit(3);', 'cannot be run: its process ended with 3'],
  ])('refuses a program that %s', async (_what, program, message) => {
    write({ 'Pulumi.yaml': 'name: acme\nruntime: nodejs\n', 'index.js': program });
    await expect(synthesizeProject(readProject(directory))).rejects.toThrow(message);
  });
});
