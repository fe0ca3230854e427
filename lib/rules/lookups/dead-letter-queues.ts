import type { Model, Resource } from '../../core/model/model';
import { at, items } from '../../core/model/select';
import { Text, type Value } from '../../core/model/values';
import { indexed } from '../../core/model/indexed';
import { named } from '../../core/model/references';

/** Where a resource names a failure destination. `*` stands for the items of a list. */
const PLACES: readonly { readonly type: string; readonly path: string }[] = [
  { type: 'AWS::SQS::Queue', path: 'RedrivePolicy.deadLetterTargetArn' },
  { type: 'AWS::SNS::Subscription', path: 'RedrivePolicy.deadLetterTargetArn' },
  { type: 'AWS::Events::Rule', path: 'Targets.*.DeadLetterConfig.Arn' },
  { type: 'AWS::EventsV2::Subscriber', path: 'OnFailureConfiguration.Arn' },
  { type: 'AWS::Scheduler::Schedule', path: 'Target.DeadLetterConfig.Arn' },
  { type: 'AWS::Lambda::Function', path: 'DeadLetterConfig.TargetArn' },
  { type: 'AWS::Lambda::EventInvokeConfig', path: 'DestinationConfig.OnFailure.Destination' },
  { type: 'AWS::Lambda::EventSourceMapping', path: 'DestinationConfig.OnFailure.Destination' },
  { type: 'AWS::Pipes::Pipe', path: 'SourceParameters.KinesisStreamParameters.DeadLetterConfig.Arn' },
  { type: 'AWS::Pipes::Pipe', path: 'SourceParameters.DynamoDBStreamParameters.DeadLetterConfig.Arn' },
];

/** A place that names a queue or topic for failures. */
export interface FailurePlace {
  readonly holder: Resource;
  /** The property that names the place. */
  readonly property: string;
  readonly target: Resource;
}

/** Every failure destination named in a model. */
export const failurePlaces = indexed((model: Model): readonly FailurePlace[] =>
  PLACES.flatMap(({ type, path }) =>
    model
      .ofType(type)
      .flatMap((holder) =>
        valuesAt(holder, path).flatMap(({ property, value }) =>
          named(model, value).map((target) => ({ holder, property, target })),
        ),
      ),
  ),
);

/** The ids of the queues and topics that take failures. */
export const takingFailures = indexed(
  (model: Model): ReadonlySet<string> => new Set(failurePlaces(model).map(({ target }) => target.id)),
);

function valuesAt(holder: Resource, path: string): { property: string; value: Value | undefined }[] {
  const [list, rest] = path.split('.*.');
  if (list === undefined || rest === undefined) {
    const [property = path] = path.split('.');
    const whole = at(holder, property);
    // JSON text names the one queue that it mentions.
    return [whole instanceof Text ? { property, value: whole } : { property: path, value: at(holder, path) }];
  }
  return items(at(holder, list)).map((item, index) => ({
    property: `${list}.${index}.${rest}`,
    value: at(item, rest),
  }));
}
