import { Clock } from '../../../../../lib/testing/local/kernel/clock';
import { KeptEntries } from '../../../../../lib/testing/local/kernel/kept-entries';
import type { Message } from '../../../../../lib/testing/local/services/sqs/message';
import { Queue } from '../../../../../lib/testing/local/services/sqs/queue';
import { queueSettings } from '../../../../../lib/testing/local/services/sqs/settings';

function queue(name: string, properties: object = {}): Queue {
  return new Queue(name, `arn:aws:sqs:eu-west-1:111111111111:${name}`, queueSettings({ ...properties }), {
    clock: new Clock(1),
    disorder: { next: () => ({ repeated: false, swapped: false }) } as never,
    urlOf: (one) => one,
    deadLetter: () => false,
    kept: new KeptEntries<Message>(undefined),
  });
}

const ofGroup = (groupId: string, body: string) => ({ body, groupId, deduplicationId: body, attributes: {} });
const bodies = (messages: readonly Message[]) => messages.map(({ body }) => body);

test('a receive passes over closed groups, whose messages keep their order', () => {
  const turns = queue('turns.fifo', { FifoQueue: true });
  for (const [group, body] of ['a1', 'a2', 'b1', 'a3', 'c1', 'b2'].map((body) => [body[0]!, body] as const))
    turns.send(ofGroup(group, body));
  const [first] = turns.receive({ max: 1 });
  expect(bodies(turns.receive({ max: 2 }))).toEqual(['b1', 'c1']);
  expect(turns.receive({ max: 10 })).toEqual([]);
  turns.delete(first!.handle!);
  expect(bodies(turns.receive({ max: 10 }))).toEqual(['a2', 'a3']);
});

test('a receive takes no more than fit, and leaves the others in order', () => {
  const jobs = queue('jobs');
  for (const body of ['1', '2', '3', '4']) jobs.send({ body, attributes: {} });
  expect(bodies(jobs.receive({ max: 10, fits: ({ body }) => body !== '3' }))).toEqual(['1', '2']);
  expect(bodies(jobs.receive({ max: 10 }))).toEqual(['3', '4']);
});

test('a message whose retention has ended is not received, wherever it stands', () => {
  const jobs = queue('jobs', { MessageRetentionPeriod: 60 });
  const kept = (body: string, age: number) => ({
    ...queue('other').send({ body, attributes: {} }),
    sentAt: Date.now() - age,
  });
  jobs.keep([kept('new', 0), kept('old', 61_000)]);
  expect(bodies(jobs.receive({ max: 10 }))).toEqual(['new']);
  expect(jobs.depth.visible).toBe(0);
});

test('150,000 messages become visible at once', () => {
  const jobs = queue('jobs');
  const one = queue('other').send({ body: 'x', attributes: {} });
  const delayedUntil = Date.now() + 600_000;
  jobs.keep(Array.from({ length: 150_000 }, (_, index) => ({ ...one, id: String(index), delayedUntil })));
  const now = jest.spyOn(Date, 'now').mockReturnValue(delayedUntil);
  expect(jobs.depth).toEqual({ visible: 150_000, inFlight: 0, delayed: 0 });
  now.mockRestore();
});
