import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { LocalRun } from 'lintel/testing';

/** A request to an API, signed by a caller of the run with the signer of the AWS SDK. */
export async function signed(
  run: LocalRun,
  caller: string,
  url: string,
  { method = 'GET', body, service = 'execute-api' }: { method?: string; body?: string; service?: string } = {},
): Promise<Request> {
  const { host, hostname, port, pathname, searchParams, protocol } = new URL(url);
  const signer = new SignatureV4({
    service,
    region: 'us-east-1',
    credentials: run.credentials(caller),
    sha256: Sha256,
  });
  const query = Object.fromEntries(searchParams);
  const headers = { host };
  const request = await signer.sign({
    method,
    protocol,
    hostname,
    port: Number(port),
    path: pathname,
    query,
    headers,
    body,
  });
  return new Request(url, { method, headers: request.headers, ...(body !== undefined && { body }) });
}

/** The hash that the signer asks for. */
export class Sha256 {
  private readonly hash;

  constructor(secret?: ArrayBuffer | ArrayBufferView | string) {
    const key = typeof secret === 'string' ? secret : secret && bytesOf(secret);
    this.hash = key === undefined ? createHash('sha256') : createHmac('sha256', key);
  }

  update(data: Uint8Array): void {
    this.hash.update(data);
  }

  async digest(): Promise<Uint8Array> {
    return this.hash.digest();
  }

  reset(): void {
    throw new Error('a hash of the tests is used once');
  }
}

function bytesOf(data: ArrayBuffer | ArrayBufferView): Uint8Array {
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}
