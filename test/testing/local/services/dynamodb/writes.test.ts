import { Writes } from '../../../../../lib/testing/local/services/dynamodb/writes';

const TABLE = 'arn:aws:dynamodb:us-east-1:123456789012:table/Orders';
const STREAM = `${TABLE}/stream/2026-01-01T00:00:00.000`;

test.each(['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'PartiQLInsert', 'PartiQLUpdate', 'PartiQLDelete'])(
  '%s may have written to a table, and to its stream',
  (action) => {
    const writes = new Writes();
    writes.note([
      { action: `dynamodb:${action}`, resource: TABLE },
      { action: `dynamodb:${action}`, resource: TABLE },
    ]);
    expect([writes.of(STREAM), writes.of(TABLE), writes.of(`${TABLE}2/stream/x`)]).toEqual([1, 1, 0]);
  },
);

test.each(['GetItem', 'BatchGetItem', 'Query', 'Scan', 'ConditionCheckItem', 'PartiQLSelect', 'GetRecords'])(
  '%s has written nothing',
  (action) => {
    const writes = new Writes();
    writes.note([{ action: `dynamodb:${action}`, resource: STREAM }]);
    expect(writes.of(STREAM)).toBe(0);
  },
);
