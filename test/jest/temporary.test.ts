import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { closeTemporary, openTemporary } from './temporary';

test('the tests have a directory for temporary files that is removed at the end of the run', () => {
  expect(path.basename(tmpdir())).toMatch(/^lintel-test-/);
  const own = openTemporary(tmpdir());
  writeFileSync(path.join(own, 'left'), '');
  closeTemporary(own);
  expect({ below: path.dirname(own), left: existsSync(own) }).toEqual({ below: tmpdir(), left: false });
});

test('a directory of an interrupted run is removed by the next run, one of a run that goes on or is not known is kept', () => {
  const pids = [2 ** 30, process.pid, undefined];
  const directories = pids.map((pid) => {
    const directory = mkdtempSync(path.join(tmpdir(), 'lintel-test-'));
    mkdirSync(path.join(directory, 'cdk.out'));
    if (pid !== undefined) writeFileSync(path.join(directory, 'owner.json'), JSON.stringify({ pid, host: hostname() }));
    return directory;
  });
  closeTemporary(openTemporary(tmpdir()));
  expect(directories.map((one) => existsSync(one))).toEqual([false, true, true]);
});
