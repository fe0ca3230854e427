import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Code, LayerVersion } from 'aws-cdk-lib/aws-lambda';
import { fromHandlers, running, shop, stopRuns } from '../../support';

const layer = mkdtempSync(path.join(tmpdir(), 'lintel-test-'));
writeFileSync(path.join(layer, 'data.txt'), 'of the layer');

afterAll(async () => {
  await stopRuns();
  rmSync(layer, { recursive: true });
});

test('programs that a handler starts get its /tmp, /opt and /var/task by name', async () => {
  const run = await running(
    shop((stack) => {
      const layers = [new LayerVersion(stack, 'Layer', { code: Code.fromAsset(layer) })];
      fromHandlers(stack, 'Programs', 'files', { handler: 'index.programs', layers });
    }),
  );
  expect(await run.invoke('Programs')).toEqual({
    shell: 'written',
    file: 'written',
    own: 'written',
    layer: 'of the layer',
    promised: "'use strict';",
    forked: 'forked',
    other: '/tmp-other ./tmp/x',
  });
  expect(existsSync('/tmp/shell.txt')).toBe(false);
});
