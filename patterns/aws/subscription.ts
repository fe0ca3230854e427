import { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { HandlerConstruct } from '../../lib/aws/alarms/handler-construct';
import { ruleDescription } from '../../lib/core/facts/events';
import { PatternError } from '../../lib/core/errors';
import { ruleMetric } from '../../lib/aws/alarms/of-delivery';
import { Access } from '../../lib/aws/access/access';
import { grantAccess } from '../../lib/aws/access/apply';
import { Capability } from '../../lib/aws/access/capability';
import { takeClaims } from '../../lib/aws/event-hub/claims';
import { queueTarget } from '../../lib/aws/event-hub/deliver';
import { consumerStatements } from '../../lib/aws/queue-consumption';
import { acknowledge } from '../../lib/aws/acknowledge';
import { Alarms } from '../../lib/aws/alarms/alarms';
import { deadLetterQueue } from '../../lib/aws/dead-letter-queue';
import { rememberProcessed } from '../../lib/aws/event-hub/once';
import { patternOf } from '../../lib/aws/event-hub/pattern';
import { SUBSCRIPTION, subscriptionChecks } from '../../lib/aws/event-hub/subscription-checks';
import { knownTypes, possibleData } from '../../lib/aws/event-hub/schemas';
import type { SubscribeProps } from '../../lib/aws/event-hub/subscribe-props';
import { namesBeside } from '../../lib/aws/handler-settings';
import { acknowledgeDeadLetterQueue } from '../../lib/aws/own-dead-letters';
import { definedFunction, handlerOf, ServiceFunction, triggerOf } from '../../lib/aws/service-function';
import { shippedModule } from '../../lib/aws/shipped-module';
import { longestRetries } from '../../lib/aws/target-retries';
import { having, needed } from '../../lib/core/check/kinds';
import { checkProps } from '../../lib/core/check/shape';
import type { EventHub } from './event-hub';
import { QueueWorker } from './queue-worker';

/** Props of a `Subscription`. */
export interface SubscriptionProps extends SubscribeProps {
  /** Whose events. */
  readonly hub: EventHub;
}

/**
 * Events of a hub for one handler, none of which is lost: a queue holds them while the handler is down or slow, and what can
 * be neither delivered nor worked on waits 14 days in one dead-letter queue, as the event that it was.
 *
 * EventBridge tries for a day to reach the queue, and does not try at all without a permission; the handler then tries
 * `maxAttempts` times. Alarms watch the dead-letter queue, and what even that did not take.
 * `hub.subscribe()` makes one in the stack of the hub; a service with a stack of its own makes it there.
 * @example
 * new Subscription(this, 'Billing', { hub, types: ['OrderPlaced'], handler: 'src/bill.ts' });
 */
export class Subscription extends HandlerConstruct {
  /** Which events go where. */
  readonly rule: events.Rule;
  /** The queue with its consumer; absent without a buffer. */
  readonly worker?: QueueWorker;
  /** What works on the events. */
  readonly handler: lambda.Function;
  /** Events that could not be delivered, and those that the handler failed on; kept for 14 days. */
  readonly deadLetterQueue: sqs.IQueue;
  /** Which events, by their types; absent where of any type. */
  readonly types?: readonly string[];
  /** What a replay of the archive does: nothing, or work once more. */
  readonly replays?: 'skip' | 'process';
  /** Without a buffer: hands what waits in the dead-letter queue to the handler once more, when it is invoked. */
  readonly redrive?: ServiceFunction;
  /** The handler's, the depth of the dead-letter queue, and events that are lost. */
  readonly alarms: readonly cloudwatch.Alarm[];
  private readonly hub: events.IEventBus;

  /** @throws PatternError when it says nothing of which events, or its pattern is none */
  constructor(scope: Construct, id: string, { hub, ...props }: SubscriptionProps) {
    super(scope, id);
    const shape = { ...SUBSCRIPTION, hub: HUB };
    const checks = () => [
      ...subscriptionChecks(props, hub.archive !== undefined),
      ...knownTypes(props.types, hub.events),
      ...possibleData(props.detail, props.types, hub.events),
    ];
    checkProps(this, { hub, ...props }, shape, checks, namesBeside(NAMES));
    const topic = props.alarmTopic ?? hub.alarmTopic;
    const settings = { ...hub.alarmSettings, ...props.alarms };

    const { handler, worker, target, deadLetters } =
      props.buffer === 'none'
        ? unbuffered(this, { ...props, encryptionKey: hub.encryptionKey })
        : buffered(this, { ...props, alarmTopic: topic, alarms: settings, encryptionKey: hub.encryptionKey });
    this.handler = handler;
    this.replays = props.replays;
    this.types = props.types;
    hub.subscriptions.push(this);
    this.hub = hub.bus;
    if (worker === undefined) this.redrive = redriveOf(this, handler, deadLetters);
    if (hub.claimCheck) grantAccess(handler, { SUBSCRIPTION_CLAIMS: takeClaims(hub.claimCheck) });
    if (hub.claimCheck) handler.addEnvironment('SUBSCRIPTION_CLAIMS', hub.claimCheck.bucketName);
    this.worker = worker;
    this.deadLetterQueue = deadLetters;
    rememberProcessed(handler, { subscription: this, processed: hub.processed, replays: props.replays });

    this.rule = this.ruleOf(hub.bus, patternOf(props), target);
    if (props.everything === true) acknowledge(this.rule, EVERYTHING);
    const alarms = new Alarms(this, 'Alarms', { topic, settings });
    this.alarms = [
      ...(worker?.alarms ?? [...alarms.function(handler), ...alarms.deadLetters(deadLetters)]),
      ...alarms.lostEvents(this.rule, hub.bus),
    ];
  }

  /** Events that could not be delivered, or that the handler failed on for good. */
  metricDeadLetters(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.deadLetterQueue.metricApproximateNumberOfMessagesVisible(options);
  }

  /** Events that reached neither the handler nor the dead-letter queue. */
  metricLostEvents(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return ruleMetric(this.rule, this.hub, 'InvocationsFailedToBeSentToDlq', options);
  }

  /**
   * Seconds for which the oldest event has waited in the queue, or is being worked on.
   * @throws PatternError without a buffer, where none waits
   */
  metricAge(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    if (this.worker !== undefined) return this.worker.metricAge(options);
    const message = "'metricAge' must not be read with 'buffer: none', where no event waits; read 'metricDuration'";
    throw new PatternError(this.node.path, [{ prop: 'metricAge', message }]);
  }

  private ruleOf(
    eventBus: events.IEventBus,
    eventPattern: events.EventPattern,
    target: events.IRuleTarget,
  ): events.Rule {
    return new events.Rule(this, 'Rule', {
      description: `Events for ${this.node.path}`.slice(0, ruleDescription.value),
      eventBus,
      // The L2 hands on what its type does not know.
      eventPattern,
      targets: [target],
    });
  }
}

const HUB = needed(having('an EventHub', 'processed', 'pass the hub'), 'name the hub whose events it gets');
const EVERYTHING = { 'Lintel::EventPatternCatchAll': 'The subscription asks for everything, by a prop of that name' };

/** Names of CDK's rules and of others, and what says the same here. */
const NAMES = {
  eventPattern: "write 'source', 'types' and 'detail'",
  detailType: "write 'types'",
  type: "write 'types', a list",
  sources: "write 'source'; it may be a list",
  eventBus: "write 'hub'",
  targets: "write 'handler'",
  retryAttempts: "leave it out: the bus tries for a day; 'maxAttempts' counts the handler's",
  deadLetterQueue: 'leave it out: there is one',
  queue: "leave it out: there is one unless buffer: 'none'",
};

/** What somebody subscribes with, and the key of the hub. */
interface Encrypted extends SubscribeProps {
  readonly encryptionKey?: IKey;
}

interface Target {
  readonly handler: lambda.Function;
  readonly worker?: QueueWorker;
  readonly target: events.IRuleTarget;
  readonly deadLetters: sqs.IQueue;
}

/**
 * One dead-letter queue for what the bus cannot deliver and for what the handler fails on: both are the event itself, and SQS
 * moves messages only out of the dead-letter queue of another queue.
 */
function buffered(scope: Construct, props: Encrypted): Target {
  const { handler, batch, maxConcurrency, maxAttempts, alarmTopic, encryptionKey } = props;
  const { lostEvents: _, ...alarms } = props.alarms ?? {};
  const settings = { handler, batch, maxConcurrency, maxAttempts, alarmTopic, alarms, encryptionKey };
  const worker = new QueueWorker(scope, 'Worker', settings);
  const deadLetters = worker.deadLetterQueue!;
  const target = queueTarget(worker.queue, deadLetters);
  return { handler: definedFunction(worker.handler)!, worker, target, deadLetters };
}

/** SQS itself moves messages only out of the dead-letter queue of another queue. */
function redriveOf(scope: Construct, handler: lambda.Function, deadLetters: sqs.IQueue): ServiceFunction {
  const target = triggerOf(handler);
  return new ServiceFunction(scope, 'Redrive', {
    entry: shippedModule('event-hub/redrive'),
    timeout: Duration.minutes(5),
    onFailure: 'none',
    access: {
      DEAD_LETTERS: new Capability({
        variables: { '': deadLetters.queueUrl },
        statements: consumerStatements(deadLetters),
      }),
      HANDLER: Access.function(target).invoke(),
    },
  });
}

function unbuffered(scope: Construct, { handler: source, maxAttempts = 3, encryptionKey }: Encrypted): Target {
  const deadLetters = deadLetterQueue(scope, 'DeadLetterQueue', { encryptionMasterKey: encryptionKey });
  const handler = handlerOf(scope, 'Handler', source, { onFailure: deadLetters, retryAttempts: maxAttempts - 1 });
  acknowledgeDeadLetterQueue(handler);
  const target = new LambdaFunction(triggerOf(handler), { deadLetterQueue: deadLetters, ...longestRetries() });
  return { handler, target, deadLetters };
}
