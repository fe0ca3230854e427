import type { IResource } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IParameter } from 'aws-cdk-lib/aws-ssm';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { BucketAccess } from './bucket';
import { Capability, type AccessStatement } from './capability';
import * as targets from './targets';
import { admitting, type Target } from './target';
import { found } from './found';
import { custom, type CustomAccessProps } from './custom';
import { DECRYPT, ENCRYPT, keyOf, throughService } from './encryption';
import { present } from './present';
import { TableAccess } from './table';
import { CALLS } from '../../core/iam/platform-actions';

/**
 * Capabilities for resources that are not ours: L2s the team already has, and anything else IAM knows. Imported resources and
 * those of other stacks work too; within an account only the function's own role changes.
 * For a resource in another account, its own policy also admits the function's role, as far as this app creates that policy, and
 * the variable holds what a cross-account client needs: an ARN instead of a name. For a resource in another region,
 * `<NAME>_REGION` tells the client. A resource that this app does not create is refused until `Access.admitting` states that its
 * policy admits the function.
 * @example
 * access: { ORDERS: Access.table(table).read(), JOBS: Access.queue(queue).send() }
 */
export class Access {
  /**
   * The same resource, marked as one whose owner's policy admits the functions of this app: for an import from another
   * account. Since that policy cannot be read here, this is taken on the caller's word.
   * @example
   * access: { JOBS: Access.queue(Access.admitting(queue)).send() }
   */
  static admitting<T extends IResource>(resource: T): T {
    return admitting(present('admitting', resource));
  }

  /** A table of either version; the variable holds its name. */
  static table(table: ITable): TableAccess {
    return new TableAccess(table);
  }

  /** A bucket; the variable holds its name. */
  static bucket(bucket: IBucket): BucketAccess {
    return new BucketAccess(bucket);
  }

  /** A queue; the variable holds its URL. `SendMessage` also covers batches. */
  static queue(queue: IQueue): { send(): Capability } {
    present('queue', queue);
    const key = throughService(queue.encryptionMasterKey, 'sqs', ENCRYPT);
    return {
      send: () =>
        to(
          queue.queueUrl,
          CALLS.queue.granted,
          queue.queueArn,
          () => targets.queueTarget(queue),
          key,
          () => targets.urlFromElsewhere(queue),
        ),
    };
  }

  /** A topic; the variable holds its ARN. `Publish` also covers batches. */
  static topic(topic: ITopic): { publish(): Capability } {
    present('topic', topic);
    const key = throughService(topic.masterKey, 'sns', ENCRYPT);
    return {
      publish: () => to(topic.topicArn, CALLS.topic.granted, topic.topicArn, () => targets.topicTarget(topic), key),
    };
  }

  /** A Kinesis stream; the variable holds its name. */
  static stream(stream: IStream): { send(): Capability } {
    present('stream', stream);
    const key = throughService(stream.encryptionKey, 'kinesis', ENCRYPT);
    return {
      send: () =>
        to(
          stream.streamName,
          CALLS.stream.granted,
          stream.streamArn,
          () => targets.streamTarget(stream),
          key,
          () => stream.streamArn,
        ),
    };
  }

  /** A secret; the variable holds its ARN, never its value. */
  static secret(secret: ISecret): { read(): Capability } {
    present('secret', secret);
    const key = throughService(secret.encryptionKey, 'secretsmanager', DECRYPT);
    // A secret imported by name lacks the six characters that Secrets Manager adds to the ARN.
    const arn = secret.secretFullArn ?? `${secret.secretArn}-??????`;
    return {
      read: () => to(secret.secretArn, ['secretsmanager:GetSecretValue'], arn, () => targets.secretTarget(secret), key),
    };
  }

  /** A parameter; the variable holds its name. */
  static parameter(parameter: IParameter): { read(): Capability } {
    present('parameter', parameter);
    const key = throughService(keyOf(parameter), 'ssm', DECRYPT);
    const actions = ['ssm:GetParameter', 'ssm:GetParameters'];
    return {
      read: () =>
        to(
          parameter.parameterName,
          actions,
          parameter.parameterArn,
          () => targets.parameterTarget(parameter),
          key,
          () => parameter.parameterArn,
        ),
    };
  }

  /** A state machine; the variable holds its ARN. */
  static stateMachine(machine: IStateMachine): { start(): Capability } {
    present('stateMachine', machine);
    const arn = machine.stateMachineArn;
    return { start: () => to(arn, CALLS.stateMachine.granted, arn, () => targets.machineTarget(machine)) };
  }

  /** A function, version or alias; the variable holds its ARN. A warm `ServiceFunction` is invoked through its alias. */
  static function(fn: IFunction & { readonly trigger?: IFunction }): { invoke(): Capability } {
    present('function', fn);
    const called = fn.trigger ?? fn;
    const arn = called.functionArn;
    return { invoke: () => to(arn, CALLS.function.granted, arn, () => targets.functionTarget(called)) };
  }

  /** An event bus; the variable holds its name. */
  static bus(bus: IEventBus): { publish(): Capability } {
    present('bus', bus);
    return {
      publish: () =>
        to(
          bus.eventBusName,
          CALLS.bus.granted,
          bus.eventBusArn,
          () => targets.busTarget(bus),
          [],
          () => bus.eventBusArn,
        ),
    };
  }

  /**
   * Anything else that IAM knows.
   * @throws PatternError when an action is not exact, or a resource is `'*'` without a reason
   */
  static custom(props: CustomAccessProps): Capability {
    return custom(props);
  }
}

function to(
  value: string,
  actions: readonly string[],
  resource: string,
  target: () => Target,
  more: readonly AccessStatement[] = [],
  from: () => string = () => value,
): Capability {
  return new Capability({
    variables: { '': value },
    variablesFrom: (place) => found(place, target().place, from),
    statements: [{ actions, resources: [resource], of: target }, ...more],
  });
}
