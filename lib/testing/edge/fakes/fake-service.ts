import { isData, pack, type Packed, unpack } from './packed';

/** A test's replacement for a binding: an object with methods, or data. */
export type Fake = object | string | number | boolean | null;

/** A call of a method. */
interface Call {
  /** The receiver: 0 is the fake, another number the result of that call. */
  readonly id: number;
  readonly path: readonly string[];
  readonly args: readonly Packed[];
  /** The number of its result. */
  readonly result: number;
}

/** The test's end of a fake binding: receives calls from `workers/fake.mjs`. */
export function fakeService(fake: Fake): (request: Request) => Promise<Response> {
  const results = new Map<number, Promise<unknown>>();
  return async (request) => {
    const { id, path, args, result } = (await request.json()) as Call;
    const given = (async () => {
      const target = id === 0 ? fake : await results.get(id);
      return await calledOn(target, path, args.map(unpack));
    })();
    results.set(result, given);
    try {
      return answerOf(await given);
    } catch (error) {
      const { name = 'Error', message = String(error) } = Object(error) as Partial<Error>;
      return Response.json({ error: { name, message } });
    }
  };
}

function calledOn(target: unknown, path: readonly string[], args: readonly unknown[]): unknown {
  const owner = path
    .slice(0, -1)
    .reduce((object, name) => Reflect.get(Object(object) as object, name) as unknown, target);
  const method = Reflect.get(Object(owner) as object, path.at(-1)!) as unknown;
  if (typeof method === 'function') {
    return Reflect.apply(method, owner, path.at(-1) === 'fetch' ? [asRequest(args)] : args) as unknown;
  }
  throw new TypeError(`the fake binding has no method '${path.join('.')}'`);
}

/** The arguments of a binding's `fetch`. */
function asRequest([input, init]: readonly unknown[]): Request {
  return new Request(input as string | Request, { ...(init as RequestInit), duplex: 'half' });
}

function answerOf(value: unknown): Response {
  if (isResponse(value)) {
    const headers = [...value.headers, ['x-lintel-kind', 'response'] as [string, string]];
    return new Response(value.body, { status: value.status, statusText: value.statusText, headers });
  }
  if (isStream(value)) return new Response(value as ReadableStream, { headers: { 'x-lintel-kind': 'stream' } });
  return Response.json(isData(value) ? { value: pack(value) } : { data: pack({ ...(value as object) }) });
}

function isResponse(value: unknown): value is Response {
  return Object.prototype.toString.call(value) === '[object Response]';
}

function isStream(value: unknown): boolean {
  return Object.prototype.toString.call(value) === '[object ReadableStream]';
}
