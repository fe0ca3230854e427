/** Stands for the team's handler, which takes its place when the module of ours around it is bundled. */
declare module 'lintel:handler' {
  import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';

  export const handler: (event: SQSEvent, context: Context) => Promise<SQSBatchResponse | void>;
}
