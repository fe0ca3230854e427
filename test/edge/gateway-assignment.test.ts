import type { GatewayConfig } from '../../lib/edge/gateway-config';
import { assign } from '../../lib/edge/workers/gateway/assignment';

const clients = Array.from({ length: 10_000 }, (_, index) => `client-${index}`);

function config(settings: Partial<GatewayConfig>): GatewayConfig {
  const none = { public: [], experiments: {}, flags: {}, cache: {}, geo: { block: [], origins: {} } };
  return { origin: '', headers: { set: {}, remove: [] }, ...none, ...settings };
}

const variants = (shares: Record<string, number>) =>
  Object.fromEntries(Object.entries(shares).map(([name, share]) => [name, { share }]));

test('divides clients by their shares', () => {
  const experiments = { checkout: variants({ plain: 70, fancy: 25, bold: 5 }) };
  const counts = { plain: 0, fancy: 0, bold: 0 };
  for (const client of clients) counts[assign(config({ experiments }), client).variants.checkout as 'plain']++;
  expect(counts.plain / clients.length).toBeCloseTo(0.7, 1);
  expect(counts.fancy / clients.length).toBeCloseTo(0.25, 1);
  expect(counts.bold / clients.length).toBeCloseTo(0.05, 2);
});

test('decides the same for a client each time', () => {
  const settings = config({ experiments: { checkout: variants({ a: 50, b: 50 }) }, flags: { search: 50 } });
  for (const client of clients.slice(0, 100)) expect(assign(settings, client)).toEqual(assign(settings, client));
});

test('only takes clients in when a share grows', () => {
  const on = (share: number) =>
    clients.filter((client) => assign(config({ flags: { search: share } }), client).flags.search);
  const [few, more] = [on(10), new Set(on(30))];
  expect(few.length).toBeGreaterThan(900);
  expect(few.every((client) => more.has(client))).toBe(true);
});

test('asks each question anew, so that one experiment says nothing of another', () => {
  const shares = variants({ a: 50, b: 50 });
  const settings = config({ experiments: { one: shares, other: shares } });
  const both = clients.filter((client) => {
    const { one, other } = assign(settings, client).variants;
    return one === 'a' && other === 'a';
  });
  expect(both.length / clients.length).toBeCloseTo(0.25, 1);
});

test.each([
  [0, false],
  [100, true],
])('a share of %i is for %s', (share, on) => {
  expect(clients.every((client) => assign(config({ flags: { search: share } }), client).flags.search === on)).toBe(
    true,
  );
});
