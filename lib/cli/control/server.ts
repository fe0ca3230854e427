import { randomBytes, timingSafeEqual } from 'node:crypto';
import { header, type HttpRequest, type HttpResponse } from '../../testing/local/kernel/call';
import { messageOf } from '../../testing/local/kernel/errors';
import { serveHttp } from '../../testing/local/kernel/http-server';
import { parseJson, recordOf, text } from '../../testing/local/kernel/json';
import type { LocalRun } from '../../testing/local/local-run';
import { announce } from './place';

/** Lets `lintel invoke`, `send` and `fire` reach a run. */
export interface Control {
  close(): Promise<void>;
}

/** Opens a port for the other commands, which authenticate with a token that only this user can read. */
export async function offerControl(run: () => LocalRun): Promise<Control> {
  const token = randomBytes(32).toString('hex');
  const server = await serveHttp(0, (request) => answer(run(), request, token));
  const withdraw = announce({ url: server.url, token, pid: process.pid, since: Date.now() });
  return {
    close: async () => {
      withdraw();
      await server.stop();
    },
  };
}

async function answer(run: LocalRun, request: HttpRequest, token: string): Promise<HttpResponse> {
  if (!isSame(header(request, 'authorization') ?? '', `Bearer ${token}`)) return { status: 403 };
  const input = recordOf(parseJson(request.body.toString()));
  const name = text(input.name) ?? '';
  try {
    switch (request.path) {
      case '/invoke':
        return await invoke(run, name, input.event);
      case '/send': {
        const groupId = text(input.group);
        const id = run.queue(name).send(input.body, groupId === undefined ? {} : { groupId });
        return json({ id });
      }
      case '/fire': {
        const at = text(input.at);
        await run.fire(name, at === undefined ? {} : { at: new Date(at) });
        return json({});
      }
      default:
        return { status: 404 };
    }
  } catch (error) {
    return { ...json({ message: messageOf(error) }), status: 400 };
  }
}

/** What the handler returns, or how it failed, which is a result too. */
async function invoke(run: LocalRun, name: string, event: unknown): Promise<HttpResponse> {
  try {
    return json({ answer: (await run.invoke(name, event)) ?? null });
  } catch (error) {
    if (!(error instanceof Error) || error.name === 'LocalRunError') throw error;
    return json({ failure: `${error.name}: ${error.message}` });
  }
}

function json(content: object): HttpResponse {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(content) };
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
