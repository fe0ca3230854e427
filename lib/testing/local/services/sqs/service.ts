import { AwsError, jsonResponse } from '../../kernel/aws-errors';
import type { Call, HttpResponse } from '../../kernel/call';
import type { Deployed } from '../../kernel/deployment';
import { judgeKeysOfDelivery } from '../../kernel/encryption-key';
import { LocalRunError } from '../../kernel/errors';
import type { Delivery, LocalContext, LocalService } from '../../kernel/service';
import { queueSource } from './event-source';
import { fromForm, isForm, queryResponse } from './forms';
import { knownLater } from '../../kernel/known-later';
import { LocalQueueHandle } from './handle';
import { sqsNeeds } from './needs';
import { SqsOperations } from './operations';
import { QUEUE, Queues } from './queues';
import { queueFaults } from './refusals';

/** Amazon SQS: the templates' queues, in process. */
export function sqs(context: LocalContext): LocalService {
  const queues = new Queues({
    deployment: context.deployment,
    clock: context.clock,
    disorder: context.disorder,
    urlOf: (name) => `${context.endpoint}/${context.account}/${name}`,
    unsupported: (item) => context.unsupported(item),
    data: context.data,
  });
  const operations = new SqsOperations(queues);
  const arnOf = (queue: string) => queues.find(queue)?.arn ?? context.arn('sqs', queue.split('/').at(-1) ?? queue);

  async function start(): Promise<void> {
    const functions = context.deployment.planned.filter(({ type }) => type === 'AWS::Lambda::Function');
    const regions = functions.map(({ region }) => region);
    for (const region of new Set(regions)) {
      context.rewrite(`https://sqs.${region}.amazonaws.com`, context.endpoint);
    }
    queues.load();
  }

  function handleOf({ arn, displayName }: Deployed): LocalQueueHandle {
    const queue = queues.withArn(arn);
    if (!queue) throw new LocalRunError(`'${displayName}' is not run`);
    return new LocalQueueHandle(queue, operations);
  }

  async function handle({ operation, input, caller, request }: Call): Promise<HttpResponse> {
    if (isForm(request))
      return queryResponse(operation, await operations.answer(operation, fromForm(request), caller.arn));
    return jsonResponse(await operations.answer(operation, input, caller.arn));
  }

  /** Sends an event, a failed invocation or a scheduled payload to a queue. */
  async function receive({ target, payload, sender, message = {}, disorder }: Delivery): Promise<void> {
    const queue = queues.withArn(target);
    if (!queue) throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
    const need = { action: 'sqs:SendMessage', resource: queue.arn };
    context.judgeDelivery(sender, need);
    judgeKeysOfDelivery(context, need, sender, { code: 'KMS.AccessDeniedException', status: 400 });
    const { attributes = {}, groupId, deduplicationId } = message;
    queue.send({
      body: typeof payload === 'string' ? payload : JSON.stringify(payload),
      attributes: Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [
          name,
          typeof value === 'string' ? { DataType: 'String', StringValue: value } : value,
        ]),
      ),
      groupId,
      deduplicationId,
      sender: sender.arn,
      disorder,
    });
  }

  return {
    resourceTypes: [QUEUE, 'AWS::SQS::QueuePolicy', 'AWS::SQS::QueueInlinePolicy'],
    api: {
      signingNames: ['sqs'],
      protocol: 'json',
      denial: {
        code: 'AccessDenied',
        status: 403,
        action: (action) => action.toLowerCase(),
        key: { code: 'KmsAccessDenied', status: 400 },
      },
      needs: ({ operation, input, request }) => sqsNeeds(operation, isForm(request) ? fromForm(request) : input, arnOf),
      handle,
    },
    handles: { queue: { types: [QUEUE], of: handleOf } },
    start,
    make: (queue) => queues.load([queues.add(queue)]),
    begin: async () => {
      queues.report();
      for (const { displayName: resource, type, given } of context.deployment.ofType(QUEUE)) {
        const faults = queueFaults(given).map((fault) => `AWS refuses to create it: ${fault}`);
        for (const reason of [...faults, ...knownLater(given, ['FifoQueue', 'RedrivePolicy.maxReceiveCount'])])
          context.unsupported({ resource, type, reason });
      }
    },
    receives: (arn) => queues.withArn(arn) !== undefined,
    receive,
    eventSource: (arn) => {
      const queue = queues.withArn(arn);
      return queue && queueSource(context, queue);
    },
    stop: async () => queues.stop(),
  };
}
