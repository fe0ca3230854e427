import { EngineClient } from '../../../engines/engine-client';
import type { HttpResponse } from '../../kernel/call';
import { jsonCall } from '../../kernel/forward';
import type { JsonObject } from '../../kernel/json';

/** Response headers about the connection, and a checksum that rewritten ARNs would break. */
const DROPPED = ['x-amz-crc32', 'content-length', 'connection', 'keep-alive', 'transfer-encoding', 'date'];

/** DynamoDB API calls to an engine. Credentials are judged before, so it ignores them. */
export class EngineCalls {
  private readonly client: EngineClient;

  /** @param port where the engine listens */
  constructor(port: number) {
    this.client = new EngineClient(port);
  }

  /** Calls an operation of the table API. */
  call(operation: string, input: JsonObject): Promise<HttpResponse> {
    return this.pass(`DynamoDB_20120810.${operation}`, Buffer.from(JSON.stringify(input)));
  }

  /**
   * Forwards a call.
   * @param target the value of `X-Amz-Target`
   */
  async pass(target: string, body: Buffer): Promise<HttpResponse> {
    const [api = '', operation = ''] = target.split('.');
    const { headers: sent } = jsonCall(api, operation, {});
    const { status, headers, body: answer } = await this.client.post('/', Object.fromEntries(sent), body);
    const kept = Object.entries(headers).filter(([name]) => !DROPPED.includes(name));
    return { status, headers: Object.fromEntries(kept), body: answer };
  }

  close(): void {
    this.client.close();
  }
}
