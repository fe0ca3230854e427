import type { Model, Resource } from '../model/model';
import { at, items } from '../model/select';
import type { AccessNames } from './access-names';
import { calledResources, callActions, pollerActions, streamOfConsumer } from './platform-actions';

/** One action on one resource. */
export interface Need {
  /** `sqs:ReceiveMessage`. */
  readonly action: string;
  readonly resource: string;
}

/**
 * What Lambda itself needs from a function's role, beyond the handler's calls: reading event sources, and delivering to
 * destinations and dead-letter queues.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html
 */
export function neededBy(fn: Resource, model: Model, access: AccessNames): readonly Need[] {
  const own = (type: string, property: string) =>
    model.ofType(type).filter((one) => functionOf(at(one, property), model) === fn.id);
  const arns = (from: readonly Resource[], ...paths: readonly string[]) =>
    from
      .flatMap((one) => paths.flatMap((path) => items(at(one, path)).map((value) => access.arnOf(value, one.template))))
      .filter((arn) => arn !== undefined);
  const mappings = own('AWS::Lambda::EventSourceMapping', 'FunctionName');
  const invocations = own('AWS::Lambda::EventInvokeConfig', 'FunctionName');
  const sources = arns(mappings, 'EventSourceArn');
  const destinations = [
    ...arns(mappings, 'DestinationConfig.OnFailure.Destination'),
    ...arns(invocations, 'DestinationConfig.OnFailure.Destination', 'DestinationConfig.OnSuccess.Destination'),
    ...arns([fn], 'DeadLetterConfig.TargetArn'),
  ];
  return [...sources.flatMap(polled), ...destinations.flatMap(called)];
}

function polled(arn: string): readonly Need[] {
  const { granted = [], used = [] } = pollerActions(arn) ?? {};
  const stream = streamOfConsumer(arn);
  return [
    ...[...granted, ...used].map((action) => ({ action, resource: arn })),
    ...(stream === undefined ? [] : polled(stream)),
  ];
}

function called(arn: string): readonly Need[] {
  const resources = [...new Set([arn, ...calledResources(arn)])];
  return (callActions(arn)?.granted ?? []).flatMap((action) => resources.map((resource) => ({ action, resource })));
}

/** The function that a value names, directly or through an alias or version. */
function functionOf(value: ReturnType<typeof at>, model: Model): string | undefined {
  const target = model.target(value);
  if (!target) return undefined;
  return target.type === 'AWS::Lambda::Function' ? target.id : functionOf(at(target, 'FunctionName'), model);
}
