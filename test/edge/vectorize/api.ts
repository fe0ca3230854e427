import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Index {
  readonly config: { readonly dimensions: number; readonly metric: string };
  /** A property as often as somebody has asked for it: the service takes a second metadata index for one. */
  readonly properties: { readonly propertyName: string; readonly indexType: string; seenAt: number }[];
  /** The question from which on the index is found. */
  readonly seenAt: number;
  vectorCount: number;
}

/** What is wrong with the next answers. */
export interface Trouble {
  /** Methods and the ends of paths, with the status that is answered instead, so many times. */
  readonly instead?: Record<string, { readonly status: number; times: number }>;
  /** What is done although the answer is lost, once. */
  lost?: string;
  /** Nothing is shown for so many questions after it was made. */
  readonly late?: number;
}

/** The part of Vectorize's own API that a deployment calls. */
export class VectorizeApi {
  readonly indexes = new Map<string, Index>();
  readonly calls: string[] = [];
  readonly tokens = new Set<string>();
  trouble: Trouble = {};
  private questions = 0;
  private readonly server: Server = createServer((request, response) => void this.take(request, response));

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.close();
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const call = `${request.method} ${request.url!.replace('/accounts/account/vectorize/v2/indexes', '')}`;
    this.calls.push(call);
    this.tokens.add(String(request.headers.authorization));
    this.questions += 1;
    const [key, instead] = Object.entries(this.trouble.instead ?? {}).find(([end]) => call.endsWith(end)) ?? [];
    if (key !== undefined && instead!.times > 0) {
      instead!.times -= 1;
      response.writeHead(instead!.status).end(JSON.stringify({ success: false, errors: [{ message: 'trouble' }] }));
      return;
    }
    const { status = 200, ...answer } = this.answer(call, body === '' ? {} : (JSON.parse(body) as never));
    if (this.trouble.lost !== undefined && call.endsWith(this.trouble.lost)) {
      this.trouble.lost = undefined;
      response.destroy();
      return;
    }
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  }

  private answer(call: string, asked: Record<string, never>) {
    const refuse = (code: number, message: string, status = 400) => ({
      status,
      success: false,
      errors: [{ code, message }],
    });
    const given = (result: unknown) => ({ status: 200, success: true, errors: [], result });
    const late = this.trouble.late ?? 0;
    if (call === 'POST ') {
      const { name, config } = asked as unknown as { name: string; config: Index['config'] };
      if (this.indexes.has(name)) return refuse(3002, `vectorize.index.duplicate_name - Index name "${name}"`);
      this.indexes.set(name, { config, properties: [], vectorCount: 0, seenAt: this.questions + late });
      return given({ name, config });
    }
    const [, name, action] = /^\w+ \/([^/]+)\/?(.*)$/.exec(call)!;
    const index = this.indexes.get(name!);
    if (!index || index.seenAt > this.questions) {
      return refuse(3000, `vectorize.index.not_found - Index name "${name}"`);
    }
    if (call.startsWith('DELETE')) return given(this.indexes.delete(name!) && null);
    const { propertyName, indexType } = asked as unknown as { propertyName: string; indexType: string };
    switch (action) {
      case '':
        return given({ name, config: index.config });
      case 'info':
        return given({ vectorCount: index.vectorCount, dimensions: index.config.dimensions });
      case 'metadata_index/list': {
        const seen = index.properties.filter(({ seenAt }) => seenAt <= this.questions);
        // The service answers with types as it stores them.
        return given({
          metadataIndexes: seen.map((one) => ({
            ...one,
            indexType: one.indexType.replace(/^./, (c) => c.toUpperCase()),
          })),
        });
      }
      case 'metadata_index/create':
        index.properties.push({ propertyName, indexType, seenAt: this.questions + late });
        return given({ mutationId: 'm' });
      default:
        index.properties.splice(
          index.properties.findIndex((one) => one.propertyName === propertyName),
          1,
        );
        return given({ mutationId: 'm' });
    }
  }
}
