/** An event from EventBridge: compatible with `EventBridgeEvent` of `@types/aws-lambda`. */
export interface BusEvent {
  readonly id: string;
  readonly source: string;
  readonly time: string;
  readonly 'detail-type': string;
  readonly detail: unknown;
}

/** Messages of a queue: compatible with `SQSEvent` of `@types/aws-lambda`. */
export interface QueueBatch {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[];
}

/** Which messages to retry. */
export interface QueueAnswer {
  batchItemFailures: { itemIdentifier: string }[];
}

/** An invocation's context: compatible with `Context` of `@types/aws-lambda`. */
export interface InvocationContext {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}
