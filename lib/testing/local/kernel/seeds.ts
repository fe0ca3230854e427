import { readFileSync } from 'node:fs';
import type { HttpResponse } from './call';
import type { RunContext } from './context';
import { LocalRunError, messageOf } from './errors';
import { isRecord, type JsonObject, parseJson, recordOf } from './json';

/** One call that stores an entry, and the entry's place in the file. */
interface Seed {
  readonly place: string;
  readonly put: () => Promise<void> | void;
}

/**
 * Puts a file's entries into tables, queues and buckets as a test would, triggering streams and notifications.
 * @throws LocalRunError when the file cannot be read, names something that is not there, or something is refused; the
 * message has all of it
 */
export async function sow(file: string, context: RunContext): Promise<void> {
  const content = read(file);
  const problems: string[] = Object.keys(content)
    .filter((name) => !['tables', 'queues', 'buckets'].includes(name))
    .map((name) => `'${name}' must be 'tables', 'queues' or 'buckets'`);
  const attempt = async ({ place, put }: Seed) => {
    try {
      await put();
    } catch (error) {
      problems.push(`${place}: ${messageOf(error)}`);
    }
  };
  const seeds = [...tables(content, context), ...queues(content, context), ...buckets(content, context)];
  for (const seed of seeds) await attempt(seed);
  if (problems.length > 0)
    throw new LocalRunError(`the seed file '${file}' cannot be used:\n  ${problems.join('\n  ')}`);
}

function read(file: string): JsonObject {
  let source: string;
  try {
    source = readFileSync(file, 'utf8');
  } catch (error) {
    throw new LocalRunError(`the seed file '${file}' cannot be read: ${messageOf(error)}`);
  }
  const content = parseJson(source);
  if (isRecord(content)) return content;
  throw new LocalRunError(`the seed file '${file}' must hold a JSON object with 'tables', 'queues' or 'buckets'`);
}

function tables(content: JsonObject, context: RunContext): readonly Seed[] {
  return Object.entries(recordOf(content.tables)).flatMap(([name, items]) =>
    [items].flat().map((item, index) => ({
      place: `tables.${name}[${index}]`,
      put: async () => {
        const TableName = context.handles.find('table', name).handle.name;
        const Item = Object.fromEntries(Object.entries(recordOf(item)).map(([key, value]) => [key, attribute(value)]));
        await call(context, 'dynamodb', {
          method: 'POST',
          path: '/',
          headers: [
            ['x-amz-target', 'DynamoDB_20120810.PutItem'],
            ['content-type', 'application/x-amz-json-1.0'],
            // The engine requires a signature but does not verify it.
            ['x-amz-date', new Date().toISOString().replace(/[-:]|\.\d+/g, '')],
            [
              'authorization',
              'AWS4-HMAC-SHA256 Credential=SEED/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
            ],
          ],
          body: JSON.stringify({ TableName, Item }),
        });
      },
    })),
  );
}

function queues(content: JsonObject, context: RunContext): readonly Seed[] {
  return Object.entries(recordOf(content.queues)).flatMap(([name, messages]) =>
    [messages].flat().map((message, index) => ({
      place: `queues.${name}[${index}]`,
      put: () => {
        const queue = context.handles.find('queue', name).handle;
        const fifo = queue.arn.endsWith('.fifo') ? { groupId: 'seed', deduplicationId: `seed-${index}` } : {};
        queue.send(message, fifo);
      },
    })),
  );
}

function buckets(content: JsonObject, context: RunContext): readonly Seed[] {
  return Object.entries(recordOf(content.buckets)).flatMap(([name, objects]) =>
    Object.entries(recordOf(objects)).map(([key, value]) => ({
      place: `buckets.${name}['${key}']`,
      put: async () => {
        const bucket = context.deployment.find(name, 'bucket', 'AWS::S3::Bucket').name;
        const json = typeof value !== 'string';
        await call(context, 's3', {
          method: 'PUT',
          path: `/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`,
          headers: [['content-type', json ? 'application/json' : 'text/plain; charset=utf-8']],
          body: json ? JSON.stringify(value) : value,
        });
      },
    })),
  );
}

async function call(
  context: RunContext,
  service: string,
  request: { method: string; path: string; headers: readonly (readonly [string, string])[]; body: string },
): Promise<void> {
  const whole = { ...request, query: '', body: Buffer.from(request.body), sourceIp: '127.0.0.1' };
  const { status, body }: HttpResponse = await context.gateway.call(service, whole, context.callers.tests);
  if (status < 300) return;
  const { message } = recordOf(parseJson(String(body)));
  throw new Error(typeof message === 'string' ? message : String(body));
}

/** A JSON value as DynamoDB writes it. */
function attribute(value: unknown): JsonObject {
  if (value === null) return { NULL: true };
  if (typeof value === 'boolean') return { BOOL: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'string') return { S: value };
  if (Array.isArray(value)) return { L: value.map(attribute) };
  return { M: Object.fromEntries(Object.entries(recordOf(value)).map(([key, one]) => [key, attribute(one)])) };
}
