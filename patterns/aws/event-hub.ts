import type { Duration, Size } from 'aws-cdk-lib';
import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { CfnRegistry } from 'aws-cdk-lib/aws-eventschemas';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { alarmSettings } from '../../lib/aws/alarms/settings-shape';
import type { AlarmsOf } from '../../lib/aws/alarms/watched-by';
import type { Capability } from '../../lib/aws/access/capability';
import { EntityTable } from '../../lib/aws/entity-table';
import { acceptFrom, type AcceptProps } from '../../lib/aws/event-hub/accept';
import { asyncApi, type AsyncApiInfo, writeIntoAssembly } from '../../lib/aws/event-hub/async-api';
import { leaveClaims } from '../../lib/aws/event-hub/claims';
import { admitRulesOf } from '../../lib/aws/event-hub/deliver';
import { DEFAULT_ENTRY, entrySizeChecks, tooSmallTargets } from '../../lib/aws/event-hub/entry-size';
import { Forwarding } from '../../lib/aws/event-hub/forward';
import { patternOf } from '../../lib/aws/event-hub/pattern';
import { replayOf } from '../../lib/aws/event-hub/replay';
import { publishTo, type PublishProps } from '../../lib/aws/event-hub/publish';
import type { SubscribeProps } from '../../lib/aws/event-hub/subscribe-props';
import { type EventSchemas, knownTypes, SCHEMAS, schemasOf } from '../../lib/aws/event-hub/schemas';
import type { JsonSchema } from '../../lib/core/event-schema/json-schema';
import { registered, registryChecks } from '../../lib/aws/event-hub/registered';
import { validatorChecks } from '../../lib/aws/event-hub/validators';
import { BUCKET, KEY, TOPIC } from '../../lib/aws/resource-kinds';
import { check, type Check } from '../../lib/core/check/check';
import { duration, flag, size } from '../../lib/core/check/kinds';
import { checkProps, type Shape } from '../../lib/core/check/shape';
import { type ForwardProps, FORWARD, forwardChecks, remember } from './event-hub-forwards';
import { Subscription } from './subscription';

/** Props of an `EventHub`; none is required. */
export interface EventHubProps {
  /**
   * Keeps every event for so many days, to be replayed: `Duration.days(30)`.
   * @default - events are not kept
   */
  readonly archive?: Duration;
  /**
   * Schemas of the data of events, by type: JSON Schema, or the path of a file with one. Types that have none are refused in
   * `publish()` and `subscribe()`, and so is a pattern that no such data can match.
   * @default - any type, any data
   */
  readonly events?: EventSchemas;
  /**
   * Largest event with its envelope, up to 1,020 KiB: the bus takes 1 MiB, with what it puts around an event. Topics and state machines
   * take no more than 256 KiB, and are refused as targets of the bus then.
   * @default Size.kibibytes(256)
   */
  readonly maxEntrySize?: Size;
  /**
   * Whether `publisher()` judges the data of events by their schemas, before any is sent: one that is not what its schema says is
   * an error. The validators are a part of the bundle; ajv makes them at synthesis: `npm install --save-dev ajv ajv-formats`.
   * @default false
   */
  readonly validate?: boolean;
  /**
   * Whether the schemas are in a registry of EventBridge, which describe the whole event. They are converted to draft 4 of JSON
   * Schema, and refused where it cannot say the same. An account has ten registries a region until AWS raises it.
   * @default false
   */
  readonly register?: boolean;
  /**
   * A bucket for data that are too large for the bus, 256 KB with the envelope or `maxEntrySize`. The publisher leaves them there, the
   * subscriber fetches them; a pattern of `detail` does not see them. They must stay as long as an event may come: 24 days,
   * or as long as the archive.
   * @default - an event that is too large is refused
   */
  readonly claimCheck?: IBucket;
  /**
   * A customer-managed key for what waits: the queues of subscriptions and every dead-letter queue. Its policy gets a statement for the
   * rules of this bus. The bus and the archive keep events under a key of AWS.
   * @default - encrypted by SQS
   */
  readonly encryptionKey?: IKey;
  /**
   * Who is told of alarms of the subscriptions.
   * @default - nobody; the alarms are there
   */
  readonly alarmTopic?: ITopic;
  /**
   * What the alarms are raised at, how long it must last, or that there is none, and why:
   * `{ errorRate: 5, deadLetters: { off: 'swept by hand each morning' } }`.
   * @default - what AWS recommends
   */
  readonly alarms?: AlarmsOf<'EventHub'>;
}

/**
 * Services that tell each other what happened, and know of each other no more than that: a bus of its own, events in the
 * envelope of CloudEvents, publishing limited to declared sources and types, and subscriptions that lose nothing.
 *
 * A handler may publish what its `access` names, from its own source and of the types that it declares, and nothing else.
 * @example
 * const hub = new EventHub(this, 'Shop');
 * new ServiceFunction(this, 'PlaceOrder', {
 *   entry: 'src/place-order.ts',
 *   access: { HUB: hub.publish({ source: 'shop.orders', types: ['OrderPlaced'] }) },
 * });
 * hub.subscribe('Billing', { types: ['OrderPlaced'], handler: 'src/bill.ts' });
 */
export class EventHub extends Construct {
  /** The bus. */
  readonly bus: events.EventBus;
  /** Keeps the events; absent without `archive`. */
  readonly archive?: events.CfnArchive;
  /** Schemas of the data of events, by type. */
  readonly events?: Readonly<Record<string, JsonSchema>>;
  /** Who hears something. */
  readonly subscriptions: Subscription[] = [];
  /** Where the schemas are registered; absent without `register`. */
  readonly registry?: CfnRegistry;
  private readonly declared: PublishProps[] = [];
  private readonly validates: boolean;
  /** Where data are that are too large for the bus. */
  readonly claimCheck?: IBucket;
  /** Bytes of the largest event with its envelope. */
  readonly maxEntrySize: number;
  /** The key of what waits in queues. */
  readonly encryptionKey?: IKey;
  /** Who is told of alarms. */
  readonly alarmTopic?: ITopic;
  /** What the alarms of its subscriptions are raised at. */
  readonly alarmSettings?: AlarmsOf<'EventHub'>;

  /** @throws PatternError when the archive keeps events for no whole number of days */
  constructor(scope: Construct, id: string, props: EventHubProps = {}) {
    super(scope, id);
    checkProps(this, props, SHAPE, checksOf, NAMES);
    this.alarmTopic = props.alarmTopic;
    this.alarmSettings = props.alarms;
    this.claimCheck = props.claimCheck;
    this.maxEntrySize = props.maxEntrySize?.toBytes() ?? DEFAULT_ENTRY;
    this.node.addValidation({ validate: () => tooSmallTargets(this.bus, this.maxEntrySize) });
    this.encryptionKey = props.encryptionKey;
    this.validates = props.validate === true;
    if (props.events) {
      this.events = schemasOf(props.events);
      const claims = props.claimCheck !== undefined;
      check(this, [
        ...validatorChecks(props.validate, this.events),
        ...registryChecks(props.register, this.events, claims),
      ]);
      if (props.register === true) this.registry = registered(this, this.events, claims);
      writeIntoAssembly(this, () => this.asyncApi());
    }
    this.bus = new events.EventBus(this, 'Bus', { description: `Events of ${this.node.path}`.slice(0, 512) });
    if (props.encryptionKey) admitRulesOf(this.bus, props.encryptionKey);
    if (props.archive) {
      this.archive = new events.CfnArchive(this, 'Archive', {
        sourceArn: this.bus.eventBusArn,
        retentionDays: props.archive.toDays(),
      });
    }
  }

  /** What the handlers of the subscriptions have worked on; made with the first of them. */
  get processed(): EntityTable {
    const made = this.node.tryFindChild('Processed') as EntityTable | undefined;
    return made ?? new EntityTable(this, 'Processed', { partitionKey: 'id', timeToLive: 'expires' });
  }

  /**
   * `PutEvents` for one source and its types, and for no other. The variable holds the bus's name, for `publisher()` of
   * `lintel/runtime`. A function that speaks for several sources joins them: `hub.publish(a).and(hub.publish(b))`.
   * @throws PatternError when source or types are no exact names
   */
  publish(props: PublishProps): Capability {
    const validated = this.validates ? this.events : undefined;
    const publish = publishTo(this.node.path, this.bus, props, this.maxEntrySize, validated);
    check(this, knownTypes(props.types, this.events));
    this.declared.push(props);
    return this.claimCheck === undefined ? publish : publish.and(leaveClaims(this.claimCheck, props.source));
  }

  /**
   * Events for one handler. A service with a stack of its own makes a `Subscription` there.
   * @throws PatternError when it says nothing of which events, or its pattern is none
   */
  subscribe(id: string, props: SubscribeProps): Subscription {
    return new Subscription(this, id, { hub: this, ...props });
  }

  /**
   * Passes events on to another bus, which passes them no further. A bus of another account lets them in by `acceptFrom()`.
   * @throws PatternError when one of the two already gets, or passes on, what it would pass on or get
   */
  forwardTo(id: string, props: ForwardProps): Forwarding {
    checkProps([this.node.path, id].join('/'), props, FORWARD, (given) => forwardChecks(this, given));
    const { to, source, types } = props;
    const bus = to instanceof EventHub ? to.bus : to;
    remember(this, to);
    const pattern = patternOf({
      source,
      types,
      ...(source === undefined && types === undefined && { everything: true }),
    });
    return new Forwarding(this, id, {
      from: this.bus,
      to: bus,
      pattern,
      topic: this.alarmTopic,
      settings: this.alarmSettings,
      encryptionMasterKey: this.encryptionKey,
    });
  }

  /**
   * Attempts to deliver an event of the bus to whoever subscribed to it.
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
   */
  metricDeliveries(options?: MetricOptions): Metric {
    return new Metric({
      namespace: 'AWS/Events',
      metricName: 'InvocationAttempts',
      dimensionsMap: { EventBusName: this.bus.eventBusName },
      statistic: 'Sum',
      ...options,
    });
  }

  /**
   * Lets another account, or an organisation, put events of one source and these types on the bus. It takes nothing of
   * others by itself.
   * @throws PatternError when it says not who, or not which
   */
  acceptFrom(id: string, props: AcceptProps): events.CfnEventBusPolicy {
    return acceptFrom(this, id, this.bus, props);
  }

  /**
   * The hub in AsyncAPI 3: every type with its schema, what is published by whom, and who hears it, so far. With `events`, the
   * assembly has it too.
   * @param info of the document
   */
  asyncApi(info: AsyncApiInfo = {}): object {
    const { events: schemas = {}, declared: publishers, claimCheck } = this;
    const subscribers = this.subscriptions.map(({ node, types }) => ({ name: node.path, ...(types && { types }) }));
    const claims = claimCheck !== undefined;
    return asyncApi({ title: this.node.path, ...info, events: schemas, publishers, subscribers, claims });
  }

  /**
   * Brings events of the archive again, for these subscriptions only: for `replay()` of `lintel/runtime`. Nobody else gets them.
   * @param subscriptions that say replays: 'process'
   * @throws PatternError when the hub has no archive, or a subscription passes replays by
   */
  replay(subscriptions: readonly Subscription[]): Capability {
    check(this, replayChecks(this, subscriptions));
    const rules = Object.fromEntries(subscriptions.map(({ node, rule }) => [node.id, rule.ruleArn]));
    return replayOf({ hub: this, bus: this.bus, archive: this.archive!, rules });
  }
}

const SHAPE: Shape<EventHubProps> = {
  archive: duration(),
  events: SCHEMAS,
  maxEntrySize: size,
  validate: flag,
  register: flag,
  claimCheck: BUCKET,
  encryptionKey: KEY,
  alarmTopic: TOPIC,
  alarms: alarmSettings('EventHub'),
};

function checksOf({ archive, events: schemas, maxEntrySize, register, validate }: EventHubProps): Check[] {
  return [
    ...entrySizeChecks(maxEntrySize),
    ...(schemas === undefined
      ? [...validatorChecks(validate, undefined), ...registryChecks(register, undefined, false)]
      : []),
    {
      prop: 'archive',
      value: archive,
      valid: () => archive === undefined || (archive.toSeconds() > 0 && archive.toSeconds() % 86_400 === 0),
      rule: 'must be whole days, one or more',
      remedy: 'write Duration.days(30)',
    },
  ];
}

function replayChecks({ archive }: EventHub, subscriptions: readonly Subscription[]): Check[] {
  return [
    {
      prop: 'replay',
      value: archive,
      valid: () => archive !== undefined,
      rule: "must not be asked for without an 'archive'",
      remedy: 'give the hub one: archive: Duration.days(30)',
    },
    {
      prop: 'replay',
      value: subscriptions.map(({ node }) => node.id),
      valid: () => subscriptions.length > 0 && subscriptions.every(({ replays }) => replays === 'process'),
      rule: "must name subscriptions with replays: 'process', at least one: every other rule would get nothing, and without names every rule everything",
      remedy: 'name those whose handlers are to work on the events once more',
    },
  ];
}

/** Names of CDK's buses, and what says the same here. */
const NAMES = {
  eventBusName: 'leave it out: the name is made of those of stack and construct',
  retention: "write 'archive'",
};
