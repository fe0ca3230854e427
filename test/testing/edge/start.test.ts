import * as cloudflare from '@pulumi/cloudflare';
import { runEdgeLocally } from 'lintel/testing';

const start = (script: Partial<cloudflare.WorkersScriptArgs>) =>
  runEdgeLocally(
    () => {
      new cloudflare.WorkersScript('api', { accountId: 'acc', scriptName: 'api', mainModule: 'api.js', ...script });
    },
    { onLog: () => undefined },
  );

test('refuses a Worker that does not load, and says why', async () => {
  await expect(start({ content: 'export default {' })).rejects.toThrow(/did not start: [^]*Uncaught SyntaxError/);
});

test('refuses a Worker without code', async () => {
  await expect(start({})).rejects.toThrow("'api' has no code; set 'content' or 'contentFile'");
});

test('may be stopped twice', async () => {
  const run = await start({ content: 'export default {}' });
  await run.stop();
  await expect(run.stop()).resolves.toBeUndefined();
});
