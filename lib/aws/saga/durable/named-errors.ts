import {
  type DurableExecutionClient,
  DurableExecutionApiClient,
  type DurableExecutionInvocationInput,
} from '@aws/durable-execution-sdk-js';

/** The fields used of an operation. */
interface Called {
  readonly Type?: string | undefined;
  readonly ChainedInvokeDetails?:
    | { readonly Error?: { readonly ErrorType?: string | undefined } | undefined }
    | undefined;
}

/**
 * The SDK drops the name of a called function's error, which alone determines a step's outcome.
 * It passes on the error's data: so the name is put there as operations come in.
 */
export function withNames<T>(operation: T & Called): T {
  const error = operation.ChainedInvokeDetails?.Error;
  if (error === undefined) return operation;
  const details = { ...operation.ChainedInvokeDetails, Error: { ...error, ErrorData: error.ErrorType } };
  return { ...operation, ChainedInvokeDetails: details };
}

/** The event of an invocation, with the names. */
export function namedEvent(event: DurableExecutionInvocationInput): DurableExecutionInvocationInput {
  const { Operations, ...state } = event.InitialExecutionState;
  return { ...event, InitialExecutionState: { ...state, Operations: Operations.map(withNames) } };
}

/** The client of the SDK, with the names. */
export function namedClient(client: DurableExecutionClient = new DurableExecutionApiClient()): DurableExecutionClient {
  return {
    checkpoint: async (request, logger) => {
      const answer = await client.checkpoint(request, logger);
      const { NewExecutionState: state } = answer;
      if (state?.Operations === undefined) return answer;
      return { ...answer, NewExecutionState: { ...state, Operations: state.Operations.map(withNames) } };
    },
    getExecutionState: async (request, logger) => {
      const answer = await client.getExecutionState(request, logger);
      return { ...answer, Operations: answer.Operations?.map(withNames) };
    },
  };
}
