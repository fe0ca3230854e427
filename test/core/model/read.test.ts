import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { read } from '../../../lib/core/model/read';
import { ReadError } from '../../../lib/core/model/read-error';
import { unreadIn } from '../../../lib/core/model/unread';
import { Reference } from '../../../lib/core/model/values';

const scratch = mkdtempSync(path.join(tmpdir(), 'lintel-read-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function write(name: string, content: string): string {
  const file = path.join(scratch, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

const QUEUE = 'Resources:\n  Queue:\n    Type: AWS::SQS::Queue\n';

test('reads a template file', () => {
  const file = write('one.yaml', QUEUE);
  expect(read(file).ofType('AWS::SQS::Queue')[0]).toMatchObject({ id: 'one.yaml/Queue', location: { file, line: 2 } });
});

test('reads a graph', () => {
  const file = write(
    'graph.json',
    JSON.stringify({ resources: [{ type: 'a:b:C', name: 'c', inputs: {} }], outputs: {} }),
  );
  expect(read(file).ofType('a:b:C')).toHaveLength(1);
});

test('reads an assembly by its directory or its manifest', () => {
  write(
    'out/manifest.json',
    JSON.stringify({
      artifacts: { Shop: { type: 'aws:cloudformation:stack', properties: { templateFile: 'Shop.json' } } },
    }),
  );
  write('out/Shop.json', '{"Resources":{"Queue":{"Type":"AWS::SQS::Queue"}}}');
  for (const place of ['out', 'out/manifest.json']) {
    expect([...read(path.join(scratch, place)).resources.keys()]).toEqual(['Shop/Queue']);
  }
});

test('reads a directory of templates that import from and nest each other', () => {
  write('many/package.json', '{"name":"x"}');
  write('many/broken-but-not-a-template.yaml', 'a: [');
  write('many/a.yaml', `${QUEUE}Outputs:\n  Url:\n    Value: !Ref Queue\n    Export: { Name: shop-url }\n`);
  write(
    'many/b/root.yaml',
    `Resources:
  Child: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: ./child.yaml, Parameters: { Url: !ImportValue shop-url } } }
  User: { Type: 'X::Y::Z', Properties: { Name: !GetAtt Child.Outputs.Name } }
`,
  );
  write(
    'many/b/child.yaml',
    `Parameters: { Url: { Type: String } }
Resources: { Inner: { Type: 'X::Y::Inner', Properties: { Url: !Ref Url } } }
Outputs: { Name: { Value: !Ref Inner } }
`,
  );
  const model = read(path.join(scratch, 'many'));
  expect([...model.templates.keys()]).toEqual(['a.yaml', 'b/root.yaml', 'b/root.yaml/Child']);
  expect(model.ofType('X::Y::Inner')[0]!.properties).toEqual({ Url: new Reference('a.yaml/Queue') });
  expect(model.ofType('X::Y::Z')[0]!.properties).toEqual({ Name: new Reference('b/root.yaml/Child/Inner') });
});

test('reads templates that nest each other in a circle once', () => {
  const child = (file: string) =>
    `Resources: { Child: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: ${file} } } }`;
  const file = write('circle/a.yaml', child('b.yaml'));
  write('circle/b.yaml', child('a.yaml'));
  expect(read(file).resources.size).toBe(2);
});

test('names a template by its place within what was given, however the path is typed', () => {
  const file = write('here/s.yaml', QUEUE);
  const typed = [file, path.relative(process.cwd(), file), `${path.dirname(file)}/../here/s.yaml`];
  for (const place of typed) expect([...read(place).resources.keys()]).toEqual(['s.yaml/Queue']);
  expect([...read(path.dirname(file)).resources.keys()]).toEqual(['s.yaml/Queue']);
  expect([...read(file, { root: scratch }).resources.keys()]).toEqual(['here/s.yaml/Queue']);
});

test('one file that cannot be read hides nothing of the others', () => {
  write('mixed/a.yaml', 'Resources:\n  A: [');
  write('mixed/b.yaml', QUEUE);
  write('mixed/c.yaml', `Transform: MyMacro\n${QUEUE}`);
  const model = read(path.join(scratch, 'mixed'));
  expect([...model.resources.keys()]).toEqual(['b.yaml/Queue']);
  expect(model.failures.map(({ message }) => message)).toEqual([
    expect.stringContaining('a.yaml is neither JSON nor YAML'),
    expect.stringContaining("c.yaml has the transform 'MyMacro'"),
  ]);
});

test.each([
  ['by its path', '../outside.yaml', 'the template ../outside.yaml is outside the given folder'],
  ['by a link', 'link.yaml', 'the template link.yaml is outside the given folder'],
  ['that is not there', 'gone.yaml', 'the template gone.yaml is not there'],
  ['that is a folder', '.', 'the template . is a folder'],
  ['that is itself', 'root.yaml', 'the template root.yaml is the one that it is nested in'],
  ['that is a pipe, which nobody may ever write to', 'pipe.yaml', 'the template pipe.yaml is a pipe or a device'],
])('does not read a nested template outside of the folder, %s', (_, url, reason) => {
  write('outside.yaml', QUEUE);
  const file = write(
    'inside/root.yaml',
    `Resources: { Child: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: ${url} } } }`,
  );
  rmSync(path.join(scratch, 'inside/link.yaml'), { force: true });
  symlinkSync('../outside.yaml', path.join(scratch, 'inside/link.yaml'));
  rmSync(path.join(scratch, 'inside/pipe.yaml'), { force: true });
  execFileSync('mkfifo', [path.join(scratch, 'inside/pipe.yaml')]);
  const model = read(file);
  expect([...model.resources.keys()]).toEqual(['root.yaml/Child']);
  expect(unreadIn(model)).toMatchObject([{ kind: 'nested-template', property: 'TemplateURL', reason }]);
});

test.each([
  ['a path that does not exist', () => path.join(scratch, 'nowhere'), 'does not exist'],
  ['a directory without templates', () => path.dirname(write('none/readme.json', '{}')), 'contains no template'],
  [
    'a directory with a broken template',
    () => path.dirname(write('bad/t.yaml', 'Resources:\n  A: [')),
    'is neither JSON nor YAML',
  ],
  ['a file that is no template', () => write('other.json', '{"a":1}'), 'is not a CloudFormation template'],
  ['an empty file', () => write('empty.yaml', ''), 'is not a CloudFormation template'],
])('refuses %s', (_, place, reason) => {
  const target = place();
  expect(() => read(target)).toThrow(ReadError);
  expect(() => read(target)).toThrow(reason);
});
