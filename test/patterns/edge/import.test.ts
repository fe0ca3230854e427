import { execFileSync } from 'node:child_process';

test('lintel/edge loads neither the CDK nor the local runtime', () => {
  const code = `
    require('./patterns/edge');
    const packages = Object.keys(require.cache).map((file) => file.split('node_modules/').at(-1).split('/')[0]);
    console.log(JSON.stringify([...new Set(packages)]));
  `;
  const output = execFileSync(process.execPath, ['--import', 'tsx', '-e', code], { encoding: 'utf8' });
  const packages = JSON.parse(output) as string[];
  expect(packages).toContain('@pulumi');
  for (const absent of ['aws-cdk-lib', 'constructs', 'miniflare', 'aws-cdk']) {
    expect(packages).not.toContain(absent);
  }
});
