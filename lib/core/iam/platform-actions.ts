import { type Model, type Resource } from '../model/model';
import { at, items } from '../model/select';
import { type AccessNames } from './access-names';

/** What Lambda does with a function's role to read an event source. */
const POLLING: Readonly<Record<string, readonly string[]>> = {
  sqs: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ChangeMessageVisibility'],
  kinesis: [
    'kinesis:DescribeStream',
    'kinesis:DescribeStreamSummary',
    'kinesis:GetRecords',
    'kinesis:GetShardIterator',
    'kinesis:ListShards',
    'kinesis:SubscribeToShard',
  ],
  dynamodb: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
};

/** What Lambda does with a function's role to hand on what failed, or succeeded. */
const DELIVERING: Readonly<Record<string, readonly string[]>> = {
  sqs: ['sqs:SendMessage'],
  sns: ['sns:Publish'],
  lambda: ['lambda:InvokeFunction'],
  events: ['events:PutEvents'],
  s3: ['s3:PutObject', 's3:ListBucket'],
};

/**
 * What Lambda itself needs of a function's role, beyond what its handler calls: reading event sources, and delivering to
 * destinations and dead-letter queues.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html
 */
export function neededBy(
  fn: Resource,
  model: Model,
  access: AccessNames,
): readonly { readonly action: string; readonly resource: string }[] {
  const own = (type: string, property: string) =>
    model.ofType(type).filter((one) => functionOf(at(one, property), model) === fn.id);
  const arns = (from: readonly Resource[], ...paths: readonly string[]) =>
    from.flatMap((one) =>
      paths.flatMap((path) => items(at(one, path)).map((value) => access.names.text(value, one.template))),
    );
  const mappings = own('AWS::Lambda::EventSourceMapping', 'FunctionName');
  const invocations = own('AWS::Lambda::EventInvokeConfig', 'FunctionName');
  const sources = arns(mappings, 'EventSourceArn');
  const destinations = [
    ...arns(mappings, 'DestinationConfig.OnFailure.Destination'),
    ...arns(invocations, 'DestinationConfig.OnFailure.Destination', 'DestinationConfig.OnSuccess.Destination'),
    ...arns([fn], 'DeadLetterConfig.TargetArn'),
  ];
  return [...uses(sources, POLLING), ...uses(destinations, DELIVERING)];
}

function uses(arns: readonly (string | undefined)[], table: Readonly<Record<string, readonly string[]>>) {
  return arns.flatMap((resource) => {
    if (resource === undefined) return [];
    const actions = table[resource.split(':')[2] ?? ''] ?? [];
    // A function may be invoked under any of its versions.
    const any = resource.includes(':function:') ? [resource, `${resource}:*`] : [resource];
    return any.flatMap((one) => actions.map((action) => ({ action, resource: one })));
  });
}

/** The function that a value names, by itself or by an alias or version of it. */
function functionOf(value: ReturnType<typeof at>, model: Model): string | undefined {
  const target = model.target(value);
  if (!target) return undefined;
  return target.type === 'AWS::Lambda::Function' ? target.id : functionOf(at(target, 'FunctionName'), model);
}
