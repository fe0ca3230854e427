import { handler } from '../../../lib/aws/event-store/publisher';

const KEYS = { id: { S: 'o-1' }, version: { N: '2' } };
const inserted = {
  eventName: 'INSERT',
  dynamodb: {
    Keys: KEYS,
    NewImage: {
      ...KEYS,
      type: { S: 'OrderPlaced' },
      time: { S: '2026-11-29T10:00:00.000Z' },
      schema: { N: '3' },
      sealed: { B: 'c2VhbGVk' },
      subject: { S: 'c-1' },
      meta: { M: { correlationid: { S: 'r-1' }, append: { S: 'x' } } },
      data: {
        M: {
          lines: { L: [{ M: { sku: { S: 'a' }, count: { N: '2' } } }] },
          total: { N: '12.5' },
          number: { N: '123456789012345678901' },
          gift: { BOOL: false },
          note: { NULL: true },
          tags: { SS: ['x'] },
          sizes: { NS: ['1', '2'] },
          picture: { B: 'AAE=' },
        },
      },
    },
  },
};
const event = {
  specversion: '1.0',
  id: 'o-1/2',
  source: 'shop.orders',
  type: 'OrderPlaced',
  time: '2026-11-29T10:00:00.000Z',
  subject: 'o-1',
  datacontenttype: 'application/json',
  aggregateversion: 2,
  schemaversion: 3,
  correlationid: 'r-1',
  data: {
    lines: [{ sku: 'a', count: 2 }],
    total: 12.5,
    number: '123456789012345678901',
    gift: false,
    note: null,
    tags: ['x'],
    sizes: [1, 2],
    picture: 'AAE=',
  },
};

beforeAll(() => {
  process.env.SOURCE = 'shop.orders';
});
afterAll(() => {
  delete process.env.SOURCE;
});

test('makes CloudEvents of new events, in plain JSON, without what is personal', async () => {
  expect(await handler([inserted])).toEqual([event]);
});

test('reads the records of a Kinesis stream', async () => {
  const data = Buffer.from(JSON.stringify(inserted)).toString('base64');
  expect(await handler([{ data }])).toEqual([event]);
});

test('tells of a change that is no new event, and does not publish it', async () => {
  const log = jest.spyOn(console, 'error').mockImplementation();
  expect(await handler([{ ...inserted, eventName: 'MODIFY' }, inserted])).toEqual([event]);
  expect(log.mock.calls).toEqual([
    [{ tampering: true, publisher: 'shop.orders', aggregate: 'o-1', version: 2, eventName: 'MODIFY' }],
  ]);
  log.mockRestore();
});
