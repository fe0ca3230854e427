import { Duration, Stack } from 'aws-cdk-lib';
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
import { partOf } from '../../lib/aws/pattern-construct';
import { ruleMetric } from '../../lib/aws/alarms/of-delivery';
import { Access } from '../../lib/aws/access/access';
import { grantAccess } from '../../lib/aws/access/apply';
import { elsewhere, nameOf } from '../../lib/aws/access/place';
import { Capability } from '../../lib/aws/access/capability';
import { takeClaims } from '../../lib/aws/event-hub/claims';
import { queueTarget } from '../../lib/aws/event-hub/deliver';
import { consumerStatements } from '../../lib/aws/queue-consumption';
import { acknowledge } from '../../lib/aws/acknowledge';
import { patternAlarms } from '../../lib/aws/alarms/pattern-alarms';
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
import type { Check } from '../../lib/core/check/check';
import { having, needed } from '../../lib/core/check/kinds';
import { checkPlacedProps } from '../../lib/aws/placed-props';
import type { EventHub } from './event-hub';
import { QueueWorker } from './queue-worker';

/** Props of a `Subscription`. */
export interface SubscriptionProps extends SubscribeProps {
  /** The hub that is subscribed to. */
  readonly hub: EventHub;
}

/**
 * Delivers a hub's events to one handler without loss: a queue holds them while the handler is down or slow, and events that
 * can be neither delivered nor processed wait 14 days, unchanged, in one dead-letter queue.
 * EventBridge tries to reach the queue for a day, and does not retry at all without permission; the handler then gets
 * `maxAttempts` attempts. Alarms watch the dead-letter queue, and events that it, too, could not take.
 * `hub.subscribe()` creates one in the hub's stack; a service with a stack of its own creates it there.
 * @example
 * new Subscription(this, 'Billing', { hub, types: ['OrderPlaced'], handler: 'src/bill.ts' });
 */
export class Subscription extends HandlerConstruct {
  /** Which events go where. */
  readonly rule: events.Rule;
  /** The queue with its consumer; absent without a buffer. */
  readonly worker?: QueueWorker;
  /** Processes the events. */
  readonly handler: lambda.Function;
  /** Events that could not be delivered, or that the handler failed on; kept for 14 days. */
  readonly deadLetterQueue: sqs.IQueue;
  /** Event types subscribed to; absent for any type. */
  readonly types?: readonly string[];
  /** Whether archived events that are replayed are skipped or processed again. */
  readonly replays?: 'skip' | 'process';
  /** Without a buffer: when invoked, hands what waits in the dead-letter queue to the handler again. */
  readonly redrive?: ServiceFunction;
  /** Alarms on the handler, the depth of the dead-letter queue, and lost events. */
  readonly alarms: readonly cloudwatch.Alarm[];
  private readonly hub: events.IEventBus;

  /** @throws PatternError when it does not say which events, or its pattern is invalid */
  constructor(scope: Construct, id: string, given: SubscriptionProps) {
    super(scope, id);
    const { hub, ...props } = given ?? {};
    const settings = () => ({ ...hub.alarmSettings, ...props.alarms });
    const shape = { ...SUBSCRIPTION, hub: HUB };
    const checks = () => [
      ...subscriptionChecks({ ...props, alarms: settings() }, hub.archive !== undefined),
      nearHub(this, hub),
      ...knownTypes(props.types, hub.events),
      ...possibleData(props.detail, props.types, hub.events),
    ];
    checkPlacedProps(this, given, shape, checks, namesBeside(NAMES));
    const topic = props.alarmTopic ?? hub.alarmTopic;

    const { handler, worker, target, deadLetters } =
      props.buffer === 'none'
        ? unbuffered(this, { ...props, encryptionKey: hub.encryptionKey })
        : buffered(this, { ...props, alarmTopic: topic, alarms: settings(), encryptionKey: hub.encryptionKey });
    this.handler = handler;
    this.replays = props.replays;
    this.types = props.types;
    hub.subscriptions.push(this);
    this.hub = hub.bus;
    if (worker === undefined) this.redrive = redriveOf(this, handler, deadLetters);
    if (hub.claimCheck)
      grantAccess(
        handler,
        { SUBSCRIPTION_CLAIMS: takeClaims(hub.claimCheck) },
        { owner: this, prop: () => 'hub.claimCheck' },
      );
    if (hub.claimCheck) handler.addEnvironment('SUBSCRIPTION_CLAIMS', hub.claimCheck.bucketName);
    this.worker = worker;
    this.deadLetterQueue = deadLetters;
    rememberProcessed(handler, { subscription: this, processed: hub.processed, replays: props.replays });

    this.rule = this.ruleOf(hub.bus, patternOf(props), target);
    if (props.everything === true) acknowledge(this.rule, EVERYTHING);
    const alarms = patternAlarms(this, { topic, settings: settings() });
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
   * Age of the oldest event, queued or in flight, in seconds.
   * @throws PatternError without a buffer, when no event waits
   */
  metricAge(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    if (this.worker !== undefined) return this.worker.metricAge(options);
    const message = "'metricAge' must not be read with 'buffer: none', when no event waits; read 'metricDuration'";
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
      // The L2 passes on what its type does not declare.
      eventPattern,
      targets: [target],
    });
  }
}

const HUB = needed(having('an EventHub', 'processed', 'pass the hub'), 'name the hub whose events it gets');
const EVERYTHING = { 'Lintel::EventPatternCatchAll': 'The subscription sets everything: true' };

/** Names from CDK's rules and elsewhere, and their equivalents here. */
const NAMES = {
  eventPattern: "write 'source', 'types' and 'detail'",
  detailType: "write 'types'",
  type: "write 'types', a list",
  sources: "write 'source', which may be a list",
  eventBus: "write 'hub'",
  targets: "write 'handler'",
  retryAttempts: "leave it out: the bus tries for a day; 'maxAttempts' counts the handler's",
  deadLetterQueue: 'leave it out: there is one',
  queue: "leave it out: there is one unless buffer: 'none'",
};

/** Subscription props with the hub's key. */
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
 * One dead-letter queue for both what the bus cannot deliver and what the handler fails on: either way the message is the event
 * itself, and SQS only redrives messages from another queue's dead-letter queue.
 */
function buffered(subscription: Subscription, props: Encrypted): Target {
  const { handler, batch, maxConcurrency, maxAttempts, alarmTopic, encryptionKey } = props;
  const { lostEvents: _, ...alarms } = props.alarms ?? {};
  const settings = { handler, batch, maxConcurrency, maxAttempts, alarmTopic, alarms, encryptionKey };
  const worker = partOf(subscription, () => new QueueWorker(subscription, 'Worker', settings));
  const deadLetters = worker.deadLetterQueue!;
  const target = queueTarget(worker.queue, deadLetters);
  return { handler: definedFunction(worker.handler)!, worker, target, deadLetters };
}

/** A rule is in the account and region of its bus. */
function nearHub(scope: Construct, hub: EventHub): Check {
  const [here, there] = [Stack.of(scope), hub.bus.env];
  return {
    prop: 'hub',
    value: hub,
    valid: () => !elsewhere(here, there),
    rule: `must be a hub of this account and region (${nameOf(here)}), where the rule is: it is in ${nameOf(there)}`,
    remedy: "create a hub here, and let the other forward to it: forwardTo('Here', { to: hub, source, types })",
  };
}

/** Stands in for SQS's own redrive, which only moves messages out of another queue's dead-letter queue. */
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
