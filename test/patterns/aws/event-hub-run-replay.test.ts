import path from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { EventHub, ServiceFunction } from 'lintel/aws';
import { running, shop, stopRuns } from '../../testing/local/support';

const handlers = path.join(__dirname, '../../handlers/hub');
const SUBSCRIBE = { entry: path.join(handlers, 'subscribe.ts'), timeout: Duration.seconds(10) };
const HOUR = 3_600_000;

afterAll(stopRuns);

test('a replay reaches those that say so, once for each replay, and nobody else', async () => {
  const run = await running(
    shop((stack) => {
      const hub = new EventHub(stack, 'Hub', { archive: Duration.days(30) });
      new ServiceFunction(stack, 'Orders', {
        entry: path.join(handlers, 'publish.ts'),
        access: { HUB: hub.publish({ source: 'shop.orders', types: ['OrderPlaced'] }) },
      });
      const types = ['OrderPlaced'];
      hub.subscribe('Billing', { types, handler: SUBSCRIBE, replays: 'skip' });
      // It may have replays, but this one does not name it.
      hub.subscribe('Report', { types, handler: SUBSCRIBE, replays: 'process' });
      const search = hub.subscribe('Search', { types, handler: SUBSCRIBE, replays: 'process' });
      new ServiceFunction(stack, 'Again', {
        entry: path.join(handlers, 'again.ts'),
        access: { REPLAY: hub.replay([search]) },
      });
    }),
    { timeScale: 600, disorder: 0.2 },
  );
  const before = (time: number) => new Date(Date.now() - time).toISOString();
  const events = ['a', 'b', 'c'].map((id) => ({ type: 'OrderPlaced', id, time: before(HOUR), data: { id } }));
  await run.invoke('Orders', { events });
  await run.idle({ timeout: 20_000 });
  const worked = (name: string) =>
    run
      .logs(`Hub/${name}/Worker/Handler`)
      .flatMap(({ message }) => /worked on (\S+)/.exec(message)?.[1] ?? [])
      .sort()
      .join('');
  const all = () => ['Billing', 'Report', 'Search'].map(worked);
  expect(all()).toEqual(['abc', 'abc', 'abc']);
  for (const name of ['first', 'second']) {
    await run.invoke('Again', { name, from: before(2 * HOUR), to: before(HOUR / 2) });
    await run.idle({ timeout: 20_000 });
  }
  expect(all()).toEqual(['abc', 'abc', 'aaabbbccc']);
});
