import { createHash } from 'node:crypto';
import { FeatureFlags, Lazy, Stack, Token } from 'aws-cdk-lib';
import { CfnGlobalTable, type ITable } from 'aws-cdk-lib/aws-dynamodb';
import { CfnEventBus, CfnEventBusPolicy, type IEventBus } from 'aws-cdk-lib/aws-events';
import { ArnPrincipal } from 'aws-cdk-lib/aws-iam';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IParameter } from 'aws-cdk-lib/aws-ssm';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { DYNAMODB_TABLEV2_RESOURCE_POLICY_PER_REPLICA } from 'aws-cdk-lib/cx-api';
import { keyOf } from './encryption';
import { refusedByManagedKey, isOwn, named, propertyOf, type Target, throughPolicyOf } from './target';
import { replicaAt, replicasOf } from './replicas';
import { together, waitsFor } from './waiting';

/**
 * A table. Its policy is part of the resource itself, and cannot refer to the table's own ARN.
 * @param indexes names of the indexes that a statement is about
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-considerations.html
 */
export function tableTarget(table: ITable, indexes?: () => readonly string[]): Target {
  const own = () =>
    table.stack.formatArn({
      service: 'dynamodb',
      resource: 'table',
      resourceName: String(propertyOf(table, 'tableName')),
    });
  const withIndexes = (arn: () => string) =>
    Lazy.list({ produce: () => [arn(), ...(indexes?.() ?? []).map((index) => `${arn()}/index/${index}`)] });
  return {
    what: 'a table',
    resource: table,
    place: table.env,
    get name() {
      const name = named(table, 'tableName', table.tableArn);
      const definition = table.node.defaultChild;
      // CDK would name a TableV2 on first use from elsewhere: a deployed table would be replaced by an empty one.
      const chosen = !CfnGlobalTable.isCfnGlobalTable(definition) || !Token.isUnresolved(definition.tableName);
      return name && { ...name, chosen };
    },
    get refusal() {
      const sse = propertyOf(table, 'sseSpecification') as { readonly sseEnabled?: boolean } | undefined;
      return (
        refusedByManagedKey(sse?.sseEnabled === true && keyOf(table) === undefined, 'encryption') ??
        refusedBySharedPolicy(table)
      );
    },
    get ownArns() {
      return isOwn(table) ? withIndexes(own) : undefined;
    },
    get copies() {
      const replicas = replicasOf(table);
      return replicas.length > 0 ? [table.env.region, ...replicas.map(({ region }) => region)] : undefined;
    },
    copyAt: (place) => {
      const replica = replicaAt(table, place);
      if (replica === undefined) return undefined;
      const arn = arnIn(table, replica.region);
      return { resources: indexes ? withIndexes(() => arn) : [arn] };
    },
    admit: throughPolicyOf(table),
  };
}

/** Without the flag, CDK gives each replica the table's policy, which names the table in one region. */
function refusedBySharedPolicy(table: ITable): Target['refusal'] {
  if (FeatureFlags.of(table).isEnabled(DYNAMODB_TABLEV2_RESOURCE_POLICY_PER_REPLICA)) return undefined;
  if (replicasOf(table).length === 0) return undefined;
  return {
    rule: "must have a policy per replica, or DynamoDB refuses the table's policy in the other regions",
    remedy: `set '${DYNAMODB_TABLEV2_RESOURCE_POLICY_PER_REPLICA}' to true in the context of cdk.json`,
  };
}

const arnIn = (table: ITable, region: string): string =>
  table.stack.formatArn({ service: 'dynamodb', region, resource: 'table', resourceName: table.tableName });

/** A queue. @param near whether it is received from, which can be done from its own region only */
export function queueTarget(queue: IQueue, near = false): Target {
  return {
    what: 'a queue',
    resource: queue,
    place: queue.env,
    near,
    name: named(queue, 'queueName', queue.queueArn),
    get refusal() {
      const keyId = String(propertyOf(queue, 'kmsMasterKeyId') ?? '');
      return refusedByManagedKey(keyId.includes('alias/aws/'), 'encryptionMasterKey');
    },
    admit: throughPolicyOf(queue),
  };
}

/** The URL of a queue for a function in another environment. */
export function urlFromElsewhere(queue: IQueue): string {
  const { account, region } = queue.env;
  return `https://sqs.${region}.${Stack.of(queue).urlSuffix}/${account}/${queue.queueName}`;
}

/** A topic. */
export function topicTarget(topic: ITopic): Target {
  return {
    what: 'a topic',
    resource: topic,
    place: topic.env,
    name: named(topic, 'topicName', topic.topicArn),
    get refusal() {
      const keyId = String(propertyOf(topic, 'kmsMasterKeyId') ?? '');
      return refusedByManagedKey(keyId.includes('alias/aws/'), 'masterKey');
    },
    admit: throughPolicyOf(topic),
  };
}

/** A bucket. */
export function bucketTarget(bucket: IBucket): Target {
  return {
    what: 'a bucket',
    resource: bucket,
    place: bucket.env,
    name: named(bucket, 'bucketName', bucket.bucketArn),
    get refusal() {
      const encryption = JSON.stringify(propertyOf(bucket, 'bucketEncryption') ?? {});
      const ofKms = /"sseAlgorithm":"aws:kms/.test(encryption);
      return refusedByManagedKey(ofKms && bucket.encryptionKey === undefined, 'encryptionKey');
    },
    admit: throughPolicyOf(bucket),
  };
}

/** A Kinesis stream. @param near whether it is consumed by a mapping, which can be done from its own region only */
export function streamTarget(stream: IStream, near = false): Target {
  return {
    what: 'a stream',
    resource: stream,
    place: stream.env,
    near,
    name: named(stream, 'streamName', stream.streamArn),
    get refusal() {
      const encryption = propertyOf(stream, 'streamEncryption') as { readonly keyId?: string } | undefined;
      const isManaged = encryption?.keyId !== undefined && stream.encryptionKey === undefined;
      return refusedByManagedKey(isManaged, 'encryptionKey');
    },
    admit: throughPolicyOf(stream),
  };
}

/**
 * A secret. Another account must name it by its complete ARN, whose suffix Secrets Manager generates.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples_cross.html
 */
export function secretTarget(secret: ISecret): Target {
  const own = isOwn(secret);
  const incomplete = own || secret.secretFullArn === undefined;
  return {
    what: 'a secret',
    resource: secret,
    place: secret.env,
    name: named(secret, 'secretName', secret.secretArn),
    refusal: incomplete
      ? {
          rule: 'must be known by its complete ARN, with the six characters that Secrets Manager adds, to be read from another account',
          remedy: `import it with Secret.fromSecretAttributes({ secretCompleteArn, encryptionKey })${own ? ' once it is deployed' : ''}; its own key and its policy must admit the function`,
        }
      : refusedByManagedKey(secret.encryptionKey === undefined, 'encryptionKey'),
  };
}

/**
 * A parameter, which has no policy: its owner shares it through Resource Access Manager.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-shared-parameters.html
 */
export function parameterTarget(parameter: IParameter): Target {
  return {
    what: 'a parameter',
    resource: parameter,
    place: parameter.env,
    name: named(parameter, 'parameterName', parameter.parameterArn),
  };
}

/** A state machine, which has no policy, and which other accounts cannot start. */
export function machineTarget(machine: IStateMachine): Target {
  return {
    what: 'a state machine',
    resource: machine,
    place: machine.env,
    name: named(machine, 'stateMachineName', machine.stateMachineArn),
    refusal: {
      rule: "must be a state machine in the function's account: state machines have no resource policies",
      remedy:
        'let a function in its account start it, and invoke that: access: { START: Access.function(starter).invoke() }',
    },
  };
}

/**
 * A function, version or alias. Its policy names the role, since it takes no conditions on the caller; so the role must
 * exist first.
 */
export function functionTarget(callee: IFunction): Target {
  const inner = (callee as { readonly lambda?: IFunction }).lambda ?? callee;
  const own = 'runtime' in inner;
  return {
    what: 'a function',
    resource: own ? inner : callee,
    place: callee.env,
    ...(own && { name: named(inner, 'functionName', inner.functionArn) }),
    ...(own && {
      admitsEach: true,
      waitsFor: (caller) => {
        const [calleeStack, callerStack] = [Stack.of(inner), Stack.of(caller)];
        return !together(calleeStack, callerStack) || !waitsFor(callerStack, calleeStack);
      },
      admit: (statement, caller) => {
        const [calleeStack, callerStack] = [Stack.of(inner), Stack.of(caller)];
        const id = `Calls${digest(caller.node.path)}`;
        if (callee.node.tryFindChild(id)) return true;
        if (together(calleeStack, callerStack)) calleeStack.addStackDependency(callerStack);
        callee.addPermission(id, {
          principal: new ArnPrincipal(caller.role!.roleArn),
          action: statement.actions[0]!,
        });
        return true;
      },
    }),
  };
}

/** An event bus. */
export function busTarget(bus: IEventBus): Target {
  const own = bus.node.defaultChild instanceof CfnEventBus;
  return {
    what: 'an event bus',
    resource: bus,
    place: bus.env,
    name: named(bus, 'eventBusName', bus.eventBusArn),
    ...(own && {
      admit: (statement, _, key) => {
        const sid = `Admits${digest(key)}`;
        new CfnEventBusPolicy(bus, sid, {
          eventBusName: bus.eventBusName,
          statementId: sid,
          statement: { ...(statement.toStatementJson() as object), Sid: sid },
        });
        return true;
      },
    }),
  };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
