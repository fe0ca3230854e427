import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { CALLS, POLLERS } from '../../../lib/core/iam/platform-actions';

const sources = ['lib/aws', 'patterns/aws', 'lib/core/model/sam'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => path.join(folder, name)),
);

test('what deliverers and pollers need is written once: blocks and SAM’s expansion take it from there', () => {
  const actions = [
    ...Object.values(CALLS).map(({ required }) => required),
    ...Object.values(POLLERS).flatMap(({ granted }) => granted),
    // What readers and writers of data are granted is more than one object or record, and stands with their capabilities.
  ].filter((action) => !/^(?:s3|kinesis|dynamodb|firehose):/.test(action));
  const written = sources.flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    return actions.filter((action) => text.includes(`'${action}'`)).map((action) => `${file}: ${action}`);
  });
  expect(written).toEqual([]);
});
