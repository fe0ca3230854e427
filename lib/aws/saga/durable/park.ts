import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { DurableContext, StepConfig } from '@aws/durable-execution-sdk-js';
import { PARK_TIMEOUT } from '../limits';
import type { ParkedSaga } from '../parked';
import { keySuffix, PARK_RETRY, undoOrder } from '../plan';
import type { SagaRun } from './run';
import { fits, type SagaFailed } from './state';
import { isLeft } from './undo';

const sqs = new SQSClient({});

/**
 * Notifies people. If the data are too large for a message, they are in the execution's own history.
 * @throws Error when the message could not be sent, despite all retries
 */
export async function park(context: DurableContext, run: SagaRun, failed: SagaFailed): Promise<void> {
  const { plan, state, saga, execution, parked, claims } = run;
  const { key, outcomes, input, results, items } = state;
  const data = { input, results, items };
  const left = undoOrder(plan)
    .filter(({ step }) => isLeft(run, step.name))
    .map(({ step: { name } }) => ({
      step: name,
      outcome: outcomes[name]!,
      actionKey: `${key}${keySuffix(name, 'action')}`,
      idempotencyKey: `${key}${keySuffix(name, 'compensation')}`,
    }));
  const message: ParkedSaga = {
    saga,
    execution: execution.arn,
    name: execution.name,
    key,
    failed,
    outcomes,
    left,
    claims,
    data: fits(data) ? data : { inHistoryOf: execution.arn },
  };
  const command = new SendMessageCommand({ QueueUrl: parked, MessageBody: JSON.stringify(message) });
  const send = async () => void (await sqs.send(command, { abortSignal: AbortSignal.timeout(PARK_TIMEOUT * 1000) }));
  await context.step('Saga parks', send, { retryStrategy: PATIENTLY });
}

/** A step's retry delays are recorded, so randomness does no harm here. */
const PATIENTLY: StepConfig<void>['retryStrategy'] = (_, attempt) => {
  const { attempts, interval, backoff, maxDelay } = PARK_RETRY;
  const most = Math.min(interval * backoff ** (attempt - 1), maxDelay);
  return { shouldRetry: attempt < attempts, delay: { seconds: Math.max(1, Math.round(Math.random() * most)) } };
};
