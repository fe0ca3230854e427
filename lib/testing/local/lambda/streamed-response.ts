import { isRecord, type JsonObject, parseJson } from '../kernel/json';
import type { ResponseSink } from './environment/execution-environment';
import type { FunctionError } from './function-errors';
import type { Outcome } from './lambda-function';

/** A response that can be read while the handler writes it. */
export interface StreamedOutcome {
  /** The id of the request. */
  readonly requestId: string;
  readonly version: string;
  /** Whether the handler streams; otherwise the body is its whole answer. */
  readonly streamed: boolean;
  /** As the handler set it; `application/json` for one that does not stream. */
  readonly contentType: string;
  /** What the handler passed to `HttpResponseStream.from`: status, headers, cookies. Absent if it did not use that. */
  readonly metadata?: JsonObject;
  /** Why there is no metadata although the handler announced it. */
  readonly noMetadata?: string;
  /** Set when the handler failed before it wrote anything. */
  readonly error?: FunctionError;
  /** What it writes, without the metadata; throws a FunctionError when the handler fails midway. */
  readonly body: AsyncIterable<Buffer>;
}

/** What precedes the body in a response with metadata. */
const HTTP_RESPONSE = 'application/vnd.awslambda.http-integration-response';
const DELIMITER = Buffer.alloc(8);
const DEFAULT_TYPE = 'application/octet-stream';
const NOT_SENT = "it is sent with the first write(), before end(): write at least ''";

interface Settle {
  readonly resolve: (outcome: StreamedOutcome) => void;
  readonly reject: (error: unknown) => void;
}

/** Takes a response from an execution environment and passes it on at the reader's pace. */
export class StreamedResponse implements ResponseSink {
  /** Resolves when it is known how the response begins. */
  readonly head: Promise<StreamedOutcome>;
  private readonly chunks: Buffer[] = [];
  private prelude: Buffer | undefined;
  private contentType = 'application/json';
  private streamed = false;
  private noMetadata: string | undefined;
  private ended = false;
  private error: FunctionError | undefined;
  private waiting: { readonly wake: () => void } | undefined;
  private settleHead: Settle | undefined;

  /**
   * @param invocation whose response it is
   * @param raw whether metadata stays in the body
   */
  constructor(
    private readonly invocation: Pick<StreamedOutcome, 'requestId' | 'version'>,
    private readonly raw: boolean,
  ) {
    this.head = new Promise((resolve, reject) => (this.settleHead = { resolve, reject }));
  }

  /** The handler begins to answer. */
  start(contentType: string): void {
    this.streamed = true;
    this.contentType = contentType;
    if (contentType === HTTP_RESPONSE && !this.raw) this.prelude = Buffer.alloc(0);
  }

  /** A piece of the answer. */
  chunk(data: Buffer): void {
    if (this.prelude) return this.takePrelude(Buffer.concat([this.prelude, data]));
    this.begin();
    this.push(data);
  }

  end({ payload, error }: Pick<Outcome, 'payload' | 'error'>): void {
    this.ended = true;
    this.error = error;
    if (!this.streamed && !error) this.push(payload);
    // Metadata without its terminator counts as body.
    if (this.prelude && this.prelude.length > 0) {
      this.push(this.prelude);
      this.noMetadata = NOT_SENT;
    } else if (this.prelude && !error) this.contentType = DEFAULT_TYPE;
    this.begin(undefined, error);
    this.waiting?.wake();
  }

  /** The function could not be invoked. */
  fail(error: unknown): void {
    this.settleHead?.reject(error);
  }

  private takePrelude(bytes: Buffer): void {
    const end = bytes.indexOf(DELIMITER);
    if (end < 0) {
      this.prelude = bytes;
      return;
    }
    this.prelude = undefined;
    const metadata = parseJson(bytes.subarray(0, end).toString());
    if (!isRecord(metadata)) this.noMetadata = 'its metadata is not a JSON object';
    this.begin(isRecord(metadata) ? metadata : undefined);
    this.push(bytes.subarray(end + DELIMITER.length));
  }

  private begin(metadata?: JsonObject, error?: FunctionError): void {
    const { invocation, streamed, contentType, noMetadata } = this;
    this.settleHead?.resolve({
      ...invocation,
      streamed,
      contentType,
      ...(metadata && { metadata }),
      ...(noMetadata !== undefined && { noMetadata }),
      ...(error && { error }),
      body: this.read(),
    });
  }

  private push(data: Buffer): void {
    if (data.length > 0) this.chunks.push(data);
    this.waiting?.wake();
  }

  private async *read(): AsyncGenerator<Buffer> {
    for (;;) {
      const chunk = this.chunks.shift();
      if (chunk) yield chunk;
      else if (this.ended) break;
      else await new Promise<void>((wake) => (this.waiting = { wake }));
    }
    if (this.error) throw this.error;
  }
}
