// A binding whose other end is an object of the test: each call is sent there, and what it gives comes back. What a call gives
// may be called in turn, also before it is there: env.IMAGES.input(stream).transform({}).output({}).

/** @typedef {{ NODE: Fetcher, DATA: Record<string, unknown> }} Env */

/** @param {Env} env */
export default function ({ NODE, DATA }) {
  let last = 0;
  /** What calls gave, by their numbers. @type {Map<number, Promise<unknown>>} */
  const answers = new Map();

  /**
   * An object there.
   * @param {number} id 0 is the binding itself
   * @param {Record<string, unknown>} data what of it can be read without asking
   * @param {Promise<unknown>} [answer] of a call, which can be waited for
   * @returns {any}
   */
  const object = (id, data, answer) =>
    new Proxy(function () {}, {
      get(_, name) {
        if (typeof name === 'symbol') return undefined;
        if (['then', 'catch', 'finally'].includes(name)) return answer && Reflect.get(answer, name).bind(answer);
        return Object.hasOwn(data, name) ? data[name] : method(id, [name]);
      },
    });

  /** @param {number} id @param {readonly string[]} path @returns {any} */
  const method = (id, path) =>
    new Proxy(function () {}, {
      get: (_, name) => (typeof name === 'symbol' || name === 'then' ? undefined : method(id, [...path, name])),
      apply(_, __, args) {
        const result = ++last;
        const answer = call(id, path, args, result);
        answers.set(result, answer);
        return object(result, {}, answer);
      },
    });

  /** @param {number} id @param {readonly string[]} path @param {unknown[]} args @param {number} result */
  async function call(id, path, args, result) {
    await answers.get(id);
    const body = JSON.stringify({ id, path, args: await Promise.all(args.map(pack)), result });
    const answer = await NODE.fetch('http://fake/', { method: 'POST', body });
    const kind = answer.headers.get('x-lintel-kind');
    if (kind === 'stream') return answer.body;
    if (kind === 'response') {
      const own = new Response(answer.body, answer);
      own.headers.delete('x-lintel-kind');
      return own;
    }
    const { value, error, data } = await answer.json();
    if (error) throw Object.assign(new Error(error.message), { name: error.name });
    return data ? object(result, Object(unpack(data))) : unpack(value);
  }

  return object(0, Object(unpack(DATA)));
}

/** @param {unknown} value @returns {Promise<unknown>} */
async function pack(value) {
  if (value === undefined) return { $: 'undefined' };
  if (typeof value === 'bigint') return { $: 'bigint', value: String(value) };
  if (typeof value === 'function') throw new TypeError('a function cannot be given to a fake binding');
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return { $: 'date', value: value.getTime() };
  if (value instanceof ArrayBuffer) return { $: 'buffer', value: base64(new Uint8Array(value)) };
  if (ArrayBuffer.isView(value)) {
    return { $: 'bytes', value: base64(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)) };
  }
  if (value instanceof ReadableStream) return { $: 'stream', value: base64(await bytesOf(new Response(value))) };
  if (value instanceof Blob) return { $: 'bytes', value: base64(await bytesOf(new Response(value))) };
  if (value instanceof Request) {
    const { url, method, headers } = value;
    return { $: 'request', url, method, headers: [...headers], value: value.body && base64(await bytesOf(value)) };
  }
  if (value instanceof Headers) return [...value];
  if (value instanceof Error) return { $: 'error', name: value.name, message: value.message };
  if (Array.isArray(value)) return Promise.all(value.map(pack));
  if (value instanceof Map) return { $: 'map', value: await pack([...value]) };
  if (value instanceof Set) return { $: 'set', value: await pack([...value]) };
  const entries = await Promise.all(Object.entries(value).map(async ([name, one]) => [name, await pack(one)]));
  return { $: 'object', value: Object.fromEntries(entries) };
}

/** @param {any} packed @returns {unknown} */
function unpack(packed) {
  if (Array.isArray(packed)) return packed.map(unpack);
  if (typeof packed !== 'object' || packed === null) return packed;
  const { $, value } = packed;
  if ($ === 'undefined') return undefined;
  if ($ === 'bigint') return BigInt(value);
  if ($ === 'date') return new Date(value);
  if ($ === 'bytes') return bytes(value);
  if ($ === 'buffer') return bytes(value).buffer;
  if ($ === 'map') return new Map(/** @type {[unknown, unknown][]} */ (unpack(value)));
  if ($ === 'set') return new Set(/** @type {unknown[]} */ (unpack(value)));
  if ($ === 'error') return Object.assign(new Error(packed.message), { name: packed.name });
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, unpack(one)]));
}

/** @param {Request | Response} from */
async function bytesOf(from) {
  return new Uint8Array(await from.arrayBuffer());
}

/** @param {Uint8Array} content */
function base64(content) {
  let text = '';
  for (let at = 0; at < content.length; at += 8192) text += String.fromCharCode(...content.subarray(at, at + 8192));
  return btoa(text);
}

/** @param {string} text */
function bytes(text) {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
