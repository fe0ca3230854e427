import { Duration } from 'aws-cdk-lib';
import { Alias, Runtime, SnapStartConf } from 'aws-cdk-lib/aws-lambda';
import { Names } from '../../../../lib/core/model/names';
import { readAssembly } from '../../../../lib/core/model/read-assembly';
import { Deployment } from '../../../../lib/testing/local/kernel/deployment';
import { initLimitOf } from '../../../../lib/testing/local/lambda/init-limit';
import { inline, shop } from '../support';

const CODE = 'exports.handler = async () => 1;';

const model = readAssembly(
  shop((stack) => {
    const plain = inline(stack, 'Plain', CODE);
    new Alias(stack, 'Live', { aliasName: 'live', version: plain.currentVersion });
    const warm = inline(stack, 'Warm', CODE);
    new Alias(stack, 'Ready', { aliasName: 'ready', version: warm.currentVersion, provisionedConcurrentExecutions: 1 });
    const slow = inline(stack, 'Slow', CODE, { timeout: Duration.minutes(5) });
    new Alias(stack, 'Slowly', { aliasName: 'a', version: slow.currentVersion, provisionedConcurrentExecutions: 1 });
    inline(stack, 'Snapped', CODE, { runtime: Runtime.PYTHON_3_13, snapStart: SnapStartConf.ON_PUBLISHED_VERSIONS });
  }).synth().directory,
);
const names = new Names(model, { region: 'us-east-1', account: '123456789012', partition: 'aws' });
const deployment = new Deployment(model, names, {});

test.each([
  ['Plain', '$LATEST', 10],
  ['Plain', '1', 10],
  ['Warm', '$LATEST', 10],
  ['Warm', '1', 130],
  ['Slow', '1', 300],
  ['Snapped', '$LATEST', 10],
  ['Snapped', '1', 130],
])('%s, version %s: the code outside of the handler may take %d seconds', (name, version, seconds) => {
  const fn = deployment.find(name, 'function', 'AWS::Lambda::Function');
  expect(initLimitOf(fn, version, deployment)).toBe(seconds);
});
