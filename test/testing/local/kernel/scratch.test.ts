import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { Scratch } from '../../../../lib/testing/local/kernel/scratch';

/** Directories as a run of some process has them. */
function rootOf(owner: object | undefined): string {
  const root = mkdtempSync(path.join(tmpdir(), 'lintel-run-'));
  if (owner) writeFileSync(path.join(root, 'owner.json'), JSON.stringify(owner));
  return root;
}

const { pid: dead } = spawnSync(process.execPath, ['-e', '']);

test('the next run removes what a killed one left, and nothing of a living one', () => {
  const left = rootOf({ pid: dead, host: hostname() });
  const nobodys = rootOf(undefined);
  utimesSync(nobodys, new Date(0), new Date(0));
  const elsewhere = rootOf({ pid: dead, host: 'another-machine' });
  utimesSync(elsewhere, new Date(0), new Date(0));
  const kept = [elsewhere, rootOf({ pid: process.pid, host: hostname() }), rootOf(undefined)];
  const scratch = new Scratch();
  const own = scratch.directory('code');
  expect([left, nobodys, ...kept].map(existsSync)).toEqual([false, false, true, true, true]);
  scratch.remove();
  expect(existsSync(own)).toBe(false);
  for (const root of kept) rmSync(root, { recursive: true });
});
