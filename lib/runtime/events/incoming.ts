/** An event as EventBridge hands it over: `EventBridgeEvent` of `@types/aws-lambda` is one. */
export interface BusEvent {
  readonly id: string;
  readonly source: string;
  readonly time: string;
  readonly 'detail-type': string;
  readonly detail: unknown;
}

/** Messages of a queue: `SQSEvent` of `@types/aws-lambda` is one. */
export interface QueueBatch {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[];
}

/** Which messages come again. */
export interface QueueAnswer {
  batchItemFailures: { itemIdentifier: string }[];
}

/** What Lambda tells of an invocation: `Context` of `@types/aws-lambda` is one. */
export interface InvocationContext {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}
