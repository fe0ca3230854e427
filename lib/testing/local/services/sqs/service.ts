import { AwsError, jsonResponse } from '../../kernel/aws-errors';
import type { Call, HttpResponse } from '../../kernel/call';
import type { Delivery, LocalContext, LocalService } from '../../kernel/service';
import { sqsNeeds } from './needs';
import { fromForm, isForm, queryResponse } from './forms';
import { SqsOperations } from './operations';

/** Amazon SQS: the queues of the templates, in this process. */
export function sqs(context: LocalContext): LocalService {
  const { queues } = context;
  const operations = new SqsOperations(queues);
  const arnOf = (queue: string) => queues.find(queue)?.arn ?? context.arn('sqs', queue.split('/').at(-1) ?? queue);

  async function start(): Promise<void> {
    const regions = context.deployment.ofType('AWS::Lambda::Function').map(({ region }) => region);
    for (const region of new Set(regions)) {
      context.rewrite(`https://sqs.${region}.amazonaws.com`, context.endpoint);
    }
    queues.report();
  }

  async function handle({ operation, input, caller, request }: Call): Promise<HttpResponse> {
    if (isForm(request))
      return queryResponse(operation, await operations.answer(operation, fromForm(request), caller.arn));
    return jsonResponse(await operations.answer(operation, input, caller.arn));
  }

  /** An event, a failed invocation or a schedule's run that goes to a queue. */
  async function receive({ target, payload, sender, message = {} }: Delivery): Promise<void> {
    const queue = queues.find(target);
    if (!queue) throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
    const need = { action: 'sqs:SendMessage', resource: queue.arn };
    context.judgeDelivery(sender, need);
    const { attributes = {}, groupId } = message;
    queue.send({
      body: typeof payload === 'string' ? payload : JSON.stringify(payload),
      attributes: Object.fromEntries(
        Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
      ),
      ...(groupId !== undefined && { groupId }),
      sender: sender.arn,
    });
  }

  return {
    resourceTypes: ['AWS::SQS::Queue', 'AWS::SQS::QueuePolicy', 'AWS::SQS::QueueInlinePolicy'],
    api: {
      signingNames: ['sqs'],
      protocol: 'json',
      needs: ({ operation, input, request }) => sqsNeeds(operation, isForm(request) ? fromForm(request) : input, arnOf),
      handle,
    },
    start,
    receive,
    stop: async () => queues.stop(),
  };
}
