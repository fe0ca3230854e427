/** Placeholder for the team's handler, which replaces it when our wrapper module is bundled. */
declare module 'lintel:handler' {
  import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';

  export const handler: (event: SQSEvent, context: Context) => Promise<SQSBatchResponse | void>;
}
