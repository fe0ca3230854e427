import { InvokeCommand, InvokeWithResponseStreamCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { Duration } from 'aws-cdk-lib';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import type { LocalRun } from 'lintel/testing';
import { fromHandlers, running, shop, stopRuns } from '../../support';

const HANDLERS = ['slow', 'http', 'piped', 'returns', 'failsAtOnce', 'failsUnderWay', 'notAsync', 'tooLate', 'plain'];

let run: LocalRun;
beforeAll(async () => {
  run = await running(
    shop((stack) => {
      for (const name of HANDLERS) {
        const props = { handler: `index.${name}`, timeout: Duration.seconds(10) };
        fromHandlers(stack, `${name}22`, 'streams', { ...props, runtime: Runtime.NODEJS_22_X });
        fromHandlers(stack, `${name}24`, 'streams', { ...props, runtime: Runtime.NODEJS_24_X });
      }
      fromHandlers(stack, 'neverEnds22', 'streams', { handler: 'index.neverEnds', timeout: Duration.seconds(1) });
    }),
  );
});
afterAll(stopRuns);

interface Streamed {
  /** Each piece, with the milliseconds after which it came. */
  readonly pieces: readonly { readonly text: string; readonly after: number }[];
  readonly error?: string;
  readonly details?: string;
}

/** Invokes by the wire protocol, as the SDK speaks it. */
async function stream(name: string, event: object = {}): Promise<Streamed> {
  const FunctionName = run.nameOf(name);
  const begun = Date.now();
  const response = await run
    .client(LambdaClient)
    .send(new InvokeWithResponseStreamCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(event)) }));
  const pieces: Streamed['pieces'][number][] = [];
  for await (const { PayloadChunk, InvokeComplete } of response.EventStream!) {
    if (PayloadChunk?.Payload) {
      pieces.push({ text: Buffer.from(PayloadChunk.Payload).toString(), after: Date.now() - begun });
    }
    if (InvokeComplete) return { pieces, error: InvokeComplete.ErrorCode, details: InvokeComplete.ErrorDetails };
  }
  throw new Error('the stream has no end');
}

const textOf = ({ pieces }: Streamed) => pieces.map(({ text }) => text).join('');

describe.each(['22', '24'])('on Node.js %s', (major) => {
  test('the first byte is there long before the end', async () => {
    await stream(`slow${major}`, { pause: 1 });
    const streamed = await stream(`slow${major}`, { pause: 500 });
    expect(textOf(streamed)).toBe('first second');
    const [first, second] = streamed.pieces;
    expect(second!.after - first!.after).toBeGreaterThan(300);
  });

  test('metadata precede the body, with eight zero bytes between them', async () => {
    const [metadata, body] = textOf(await stream(`http${major}`)).split('\0'.repeat(8));
    expect(JSON.parse(metadata!)).toEqual({ statusCode: 201, headers: { 'x-mine': 'yes' }, cookies: ['a=b'] });
    expect(body).toBe('hello world');
  });

  test('a stream may be piped into it', async () => {
    expect(textOf(await stream(`piped${major}`))).toBe('abc');
  });

  test('what the handler returns is ignored, with a warning', async () => {
    expect(textOf(await stream(`returns${major}`))).toBe('sent');
    await run.idle();
    expect(run.logs(`returns${major}`).map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/\tWARN\tStreaming handlers ignore return values\.$/),
    );
  });

  test.each([
    ['failsAtOnce', '', 'RangeError', 'before anything'],
    ['failsUnderWay', 'begun', 'RangeError', 'under way'],
    ['tooLate', 'x', 'Runtime.InvalidStreamingOperation', 'Cannot set content-type, too late.'],
  ])('%s: an error comes after what was sent', async (name, sent, error, errorMessage) => {
    const streamed = await stream(name + major);
    expect(textOf(streamed)).toBe(sent);
    expect(streamed.error).toBe(error);
    expect(JSON.parse(streamed.details!)).toMatchObject({ errorType: error, errorMessage });
    expect(await stream(name + major)).toMatchObject({ error });
  });

  test('a handler that is not async is refused', async () => {
    const { details } = await stream(`notAsync${major}`);
    expect(JSON.parse(details!)).toMatchObject({ errorMessage: 'Streaming does not support non-async handlers.' });
  });

  test('a handler that does not stream answers in one piece', async () => {
    expect(JSON.parse(textOf(await stream(`plain${major}`)))).toEqual({ not: 'streamed' });
  });

  test('a caller that does not stream gets all of it at the end', async () => {
    const FunctionName = run.nameOf(`piped${major}`);
    const { Payload } = await run.client(LambdaClient).send(new InvokeCommand({ FunctionName }));
    expect(Buffer.from(Payload!).toString()).toBe('abc');
  });
});

test('a stream that is never ended times out', async () => {
  const streamed = await stream('neverEnds22');
  expect(streamed).toMatchObject({ error: 'Sandbox.Timedout', pieces: [{ text: 'x' }] });
});
