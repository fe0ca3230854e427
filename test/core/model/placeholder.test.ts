import {
  holdsPlaceholder,
  placeholder,
  readPlaceholder,
  replacePlaceholders,
} from '../../../lib/core/model/placeholder';

const queue = { type: 'cloudflare:index/queue:Queue', path: 'ingest/queue', attribute: 'queueId' };
const written = placeholder(queue.type, queue.path, queue.attribute);

test('what is written is read', () => {
  expect(written).toBe('${cloudflare:index/queue:Queue::ingest/queue.queueId}');
  expect(readPlaceholder(written)).toEqual(queue);
});

test('a text around it is no part of it', () => {
  expect(readPlaceholder(`queue ${written}`)).toBeUndefined();
  expect(holdsPlaceholder(`queue ${written}`)).toBe(true);
  expect(replacePlaceholders(`${written} and ${written}`, ({ attribute }) => attribute)).toBe('queueId and queueId');
});

test.each(['${secret}', '${unknown}', '${AWS::Region}', '${a.b}', '${a::${b}.c}', '$ {a::b.c}'])(
  '%s is none',
  (text) => {
    expect(readPlaceholder(text)).toBeUndefined();
    expect(holdsPlaceholder(text)).toBe(false);
  },
);
