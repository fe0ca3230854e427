import { execFileSync } from 'node:child_process';
import path from 'node:path';

/** Packages that are loaded when a module is, in a process of its own. */
function loadedBy(module: string): string[] {
  const script = `
    require(${JSON.stringify(path.resolve(module))});
    const names = Object.keys(require.cache).map((file) => /node_modules.((@[^/]+.)?[^/\\\\]+)/.exec(file)?.[1]);
    console.log(JSON.stringify([...new Set(names.filter(Boolean))]));`;
  const output = execFileSync(process.execPath, ['--import', 'tsx', '-e', script], { encoding: 'utf8' });
  return JSON.parse(output) as string[];
}

test('a Pulumi program does not load CDK, unless it hosts a stack', () => {
  const loaded = loadedBy('lib/pulumi/index.ts');
  expect(loaded).toContain('@pulumi/pulumi');
  expect(loaded).not.toContain('aws-cdk-lib');
});

test('a CDK app does not load Pulumi', () => {
  const loaded = loadedBy('patterns/aws/index.ts');
  expect(loaded).toContain('aws-cdk-lib');
  expect(loaded.filter((name) => name.startsWith('@pulumi'))).toEqual([]);
});

test('synthesizing loads the SDK only when it is called', () => {
  expect(loadedBy('lib/pulumi/synthesize.ts').filter((name) => name.startsWith('@pulumi'))).toEqual([]);
});
