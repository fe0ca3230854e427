import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LiveRun } from '../../../lib/cli/watch/live-run';

const folder = mkdtempSync(path.join(tmpdir(), 'lintel-watched-'));
afterAll(() => rmSync(folder, { recursive: true }));

const template = (more: object) => ({
  Resources: {
    Jobs: { Type: 'AWS::SQS::Queue' },
    ...more,
  },
});
const CONFIG = { Config: { Type: 'Custom::Config', Properties: { ServiceToken: 'arn' } } };

test('refuses stacks that cannot run, and runs those before on, with their data', async () => {
  const file = path.join(folder, 'template.json');
  const other = path.join(folder, 'other.json');
  writeFileSync(file, JSON.stringify(template(CONFIG)));
  writeFileSync(other, JSON.stringify(template({})));
  const live = await LiveRun.start(file, {
    data: path.join(folder, 'data'),
    customResources: { Config: { Ref: 'known' } },
  });
  live.current.queue('Jobs').send('kept');
  const before = live.current;
  await expect(live.replace(other)).rejects.toThrow("there is no custom resource 'Config'");
  expect(live.current).not.toBe(before);
  expect(
    live.current
      .queue('Jobs')
      .messages()
      .map(({ body }) => body),
  ).toEqual(['kept']);
  expect(live.current.clientConfig.endpoint).toBe(before.clientConfig.endpoint);
  await live.stop();
});
