import { randomUUID } from 'node:crypto';
import { type HttpServer, serveHttp } from '../../kernel/http-server';
import { type JsonObject, parseJson, recordOf } from '../../kernel/json';

/** Receives what functions put to the `ResponseURL` of their events. */
export class Responses {
  private server: HttpServer | undefined;
  private readonly waiting = new Map<string, (answer: JsonObject) => void>();

  async start(): Promise<void> {
    this.server = await serveHttp(0, async ({ method, path, body }) => {
      const answered = this.waiting.get(path.split('/').at(-1) ?? '');
      if (method !== 'PUT' || !answered) return { status: 403 };
      answered(recordOf(parseJson(body.toString())));
      return { status: 200 };
    });
  }

  /** A URL for one answer. The path repeats its port for HTTPS clients: see local-responses.js. */
  next(): { readonly url: string; readonly answer: Promise<JsonObject> } {
    const token = randomUUID();
    const base = this.server?.url ?? '';
    const answer = new Promise<JsonObject>((resolve) => this.waiting.set(token, resolve));
    return { url: `${base}/custom-resource/${new URL(base).port}/${token}`, answer };
  }

  async stop(): Promise<void> {
    await this.server?.stop();
  }
}
