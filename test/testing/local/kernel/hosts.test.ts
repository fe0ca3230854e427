import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Deployed } from '../../../../lib/testing/local/kernel/deployment';
import { type Authority, Hosts } from '../../../../lib/testing/local/kernel/hosts';

const directory = mkdtempSync(path.join(tmpdir(), 'lintel-test-'));
afterAll(() => rmSync(directory, { recursive: true }));

const scratch = (name: string) => {
  const place = path.join(directory, name);
  mkdirSync(place, { recursive: true });
  return place;
};
const [inside, outside] = [{ ref: 'Inside' }, { ref: 'Outside' }] as Deployed[];

function hosts(...authorities: readonly Authority[]): Hosts {
  const made = new Hosts(scratch);
  for (const authority of authorities) made.trust(authority, `${authority}\n`);
  const closed = (fn: Deployed) => (fn === outside ? 'no way' : undefined);
  made.add({ host: 'orders.proxy-abc.eu-west-1.rds.amazonaws.com', port: 5432, localPort: 1, closed });
  return made;
}

test('a function that reaches a server trusts the public authority of the run, and one that reaches none starts without it', () => {
  const made = hosts('rds', 'public');
  expect(readFileSync(made.extraRootsOf(inside!)!, 'utf8')).toBe('public\n');
  expect(made.extraRootsOf(outside!)).toBeUndefined();
  expect(readFileSync(path.join(made.runtime!, 'ca-cert.pem'), 'utf8')).toBe('rds\npublic\n');
});

test('the authority of RDS alone is none that Node.js trusts', () => {
  expect(hosts('rds').extraRootsOf(inside!)).toBeUndefined();
});
