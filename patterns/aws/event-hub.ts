import type { Duration, Size } from 'aws-cdk-lib';
import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { CfnRegistry } from 'aws-cdk-lib/aws-eventschemas';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { busDescription } from '../../lib/core/facts/events';
import { alarmSettings } from '../../lib/aws/alarms/settings-shape';
import type { AlarmsOf } from '../../lib/aws/alarms/watched-by';
import type { Capability } from '../../lib/aws/access/capability';
import { checkId } from '../../lib/aws/construct-checks';
import { PatternConstruct } from '../../lib/aws/pattern-construct';
import { EntityTable } from '../../lib/aws/entity-table';
import { acceptFrom, type AcceptProps } from '../../lib/aws/event-hub/accept';
import { asyncApi, type AsyncApiInfo, writeIntoAssembly } from '../../lib/aws/event-hub/async-api';
import { leaveClaims } from '../../lib/aws/event-hub/claims';
import { admitRulesOf } from '../../lib/aws/event-hub/deliver';
import { DEFAULT_ENTRY, entrySizeChecks, tooSmallTargets } from '../../lib/aws/event-hub/entry-size';
import { Forwarding } from '../../lib/aws/event-hub/forward';
import { patternOf } from '../../lib/aws/event-hub/pattern';
import { replayOf } from '../../lib/aws/event-hub/replay';
import { replayChecks } from '../../lib/aws/event-hub/replay-checks';
import { publishTo, type PublishProps } from '../../lib/aws/event-hub/publish';
import type { SubscribeProps } from '../../lib/aws/event-hub/subscribe-props';
import { type EventSchemas, knownTypes, SCHEMAS, schemasOf } from '../../lib/aws/event-hub/schemas';
import type { JsonSchema } from '../../lib/core/event-schema/json-schema';
import { registered, registryChecks } from '../../lib/aws/event-hub/registered';
import { validatorChecks } from '../../lib/aws/event-hub/validators';
import { BUCKET, KEY, TOPIC } from '../../lib/aws/resource-kinds';
import { check, type Check } from '../../lib/core/check/check';
import { duration, filled, flag, size } from '../../lib/core/check/kinds';
import { checkProps, type Shape } from '../../lib/core/check/shape';
import { checkPlacedProps } from '../../lib/aws/placed-props';
import { type ForwardProps, FORWARD, forwardChecks, remember } from './event-hub-forwards';
import { Subscription } from './subscription';

/** Props of an `EventHub`; all optional. */
export interface EventHubProps {
  /**
   * Archives every event for this many days, for replay: `Duration.days(30)`.
   * @default - no archive
   */
  readonly archive?: Duration;
  /**
   * Schemas of event data, by type: JSON Schema, or the path of a file containing one. `publish()` and `subscribe()` then refuse
   * types without a schema, and a pattern that no valid event can match.
   * @default - any type, any data
   */
  readonly events?: EventSchemas;
  /**
   * Largest event with its envelope, up to 1,020 KiB: the bus takes 1 MiB including what it wraps around an event. Above the
   * default, topics and state machines, which take at most 256 KiB, are refused as targets of the bus.
   * @default Size.kibibytes(256)
   */
  readonly maxEntrySize?: Size;
  /**
   * Whether `publisher()` validates event data against the schemas before sending any, and throws on a mismatch. The validators
   * are bundled; ajv generates them at synthesis: `npm install --save-dev ajv ajv-formats`.
   * @default false
   */
  readonly validate?: boolean;
  /**
   * Whether to register the schemas, each for the whole event, in an EventBridge registry. They are converted to JSON Schema
   * draft 4, and refused where it cannot express the same. An account gets ten registries per region until AWS raises it.
   * @default false
   */
  readonly register?: boolean;
  /**
   * A bucket for data too large for the bus: 256 KB with the envelope, or `maxEntrySize`. The publisher stores them there and the
   * subscriber fetches them; a pattern on `detail` does not see them. Keep objects for as long as an event may arrive: 24 days,
   * or as long as the archive.
   * @default - an event that is too large is refused
   */
  readonly claimCheck?: IBucket;
  /**
   * A customer-managed key for queued events: the queues of subscriptions and every dead-letter queue. Its policy gets a statement for
   * this bus's rules. The bus and the archive encrypt events with an AWS-owned key.
   * @default - SQS-managed encryption
   */
  readonly encryptionKey?: IKey;
  /**
   * Topic that the subscriptions' alarms notify.
   * @default - no notifications; the alarms still exist
   */
  readonly alarmTopic?: ITopic;
  /**
   * Alarm thresholds and durations, or alarms switched off with a reason:
   * `{ errorRate: 5, deadLetters: { off: 'swept by hand each morning' } }`.
   * @default - as AWS recommends
   */
  readonly alarms?: AlarmsOf<'EventHub'>;
}

/**
 * Choreography between services that know nothing of each other but their events: a dedicated bus, CloudEvents envelopes,
 * publishing limited to declared sources and types, and subscriptions that lose nothing.
 * A handler may publish only what its `access` declares: its own source, and the types it lists.
 * @example
 * const hub = new EventHub(this, 'Shop');
 * new ServiceFunction(this, 'PlaceOrder', {
 *   entry: 'src/place-order.ts',
 *   access: { HUB: hub.publish({ source: 'shop.orders', types: ['OrderPlaced'] }) },
 * });
 * hub.subscribe('Billing', { types: ['OrderPlaced'], handler: 'src/bill.ts' });
 */
export class EventHub extends PatternConstruct {
  /** The bus. */
  readonly bus: events.EventBus;
  /** The archive; absent without `archive`. */
  readonly archive?: events.CfnArchive;
  /** Schemas of event data, by type. */
  readonly events?: Readonly<Record<string, JsonSchema>>;
  /** All subscriptions so far. */
  readonly subscriptions: Subscription[] = [];
  /** The schema registry; absent without `register`. */
  readonly registry?: CfnRegistry;
  private readonly declared: PublishProps[] = [];
  private readonly validates: boolean;
  /** Holds data too large for the bus. */
  readonly claimCheck?: IBucket;
  /** Largest event with its envelope, in bytes. */
  readonly maxEntrySize: number;
  /** Encrypts what waits in queues. */
  readonly encryptionKey?: IKey;
  /** Topic that alarms notify. */
  readonly alarmTopic?: ITopic;
  /** Alarm settings of its subscriptions. */
  readonly alarmSettings?: AlarmsOf<'EventHub'>;

  /** @throws PatternError when the archive does not keep events for a whole number of days */
  constructor(scope: Construct, id: string, props: EventHubProps = {}) {
    super(scope, id);
    checkPlacedProps(this, props, SHAPE, checksOf, NAMES);
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
    this.bus = new events.EventBus(this, 'Bus', {
      description: `Events of ${this.node.path}`.slice(0, busDescription.value),
    });
    if (props.encryptionKey) admitRulesOf(this.bus, props.encryptionKey);
    if (props.archive) {
      this.archive = new events.CfnArchive(this, 'Archive', {
        sourceArn: this.bus.eventBusArn,
        retentionDays: props.archive.toDays(),
      });
    }
  }

  /** Events that the subscriptions' handlers have processed; created with the first of them. */
  get processed(): EntityTable {
    const made = this.node.tryFindChild('Processed') as EntityTable | undefined;
    return made ?? new EntityTable(this, 'Processed', { partitionKey: 'id', timeToLive: 'expires' });
  }

  /**
   * `PutEvents` for one source and its types only. The variable holds the bus's name, for `publisher()` of
   * `lintel/runtime`. A function that publishes for several sources combines them: `hub.publish(a).and(hub.publish(b))`.
   * @throws PatternError when source or types are not exact names
   */
  publish(props: PublishProps): Capability {
    const validated = this.validates ? this.events : undefined;
    const publish = publishTo(this.node.path, this.bus, props, this.maxEntrySize, validated);
    check(this, knownTypes(props.types, this.events));
    this.declared.push(props);
    return this.claimCheck === undefined ? publish : publish.and(leaveClaims(this.claimCheck, props.source));
  }

  /**
   * Delivers events to one handler. A service with a stack of its own creates a `Subscription` there.
   * @throws PatternError when it does not say which events, or its pattern is invalid
   */
  subscribe(id: string, props: SubscribeProps): Subscription {
    checkId(this, 'hub.subscribe', id);
    return new Subscription(this, id, { hub: this, ...props });
  }

  /**
   * Forwards events to another bus, which forwards them no further. A bus in another account admits them with `acceptFrom()`.
   * @throws PatternError when this hub already receives events, or the other one already forwards them
   */
  forwardTo(id: string, props: ForwardProps): Forwarding {
    checkId(this, 'hub.forwardTo', id);
    checkProps([this.node.path, id].join('/'), props, FORWARD, (given) => forwardChecks(this, given));
    const { to, source, types } = props;
    remember(this, to);
    const pattern = patternOf({
      source,
      types,
      ...(source === undefined && types === undefined && { everything: true }),
    });
    return new Forwarding(this, id, {
      from: this.bus,
      to: to instanceof EventHub ? to.bus : to,
      pattern,
      topic: this.alarmTopic,
      settings: this.alarmSettings,
      encryptionMasterKey: this.encryptionKey,
    });
  }

  /**
   * Attempts to deliver an event of the bus to a target.
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
   * Lets another account, or an organisation, put events of one source and these types on the bus. It does not by itself
   * subscribe to anything of theirs.
   * @throws PatternError when it does not say who, or which events
   */
  acceptFrom(id: string, props: AcceptProps): events.CfnEventBusPolicy {
    checkId(this, 'hub.acceptFrom', id);
    return acceptFrom(this, id, this.bus, props);
  }

  /**
   * The hub so far as AsyncAPI 3: every type with its schema, its publishers and its subscribers. With `events`, the document
   * is also written to the assembly.
   * @param info title and version of the document
   */
  asyncApi(info: AsyncApiInfo = {}): object {
    checkProps(this, info, DOCUMENT);
    const { events: schemas = {}, declared: publishers, claimCheck } = this;
    const subscribers = this.subscriptions.map(({ node, types }) => ({ name: node.path, ...(types && { types }) }));
    const claims = claimCheck !== undefined;
    return asyncApi({ title: this.node.path, ...info, events: schemas, publishers, subscribers, claims });
  }

  /**
   * Replays archived events, for these subscriptions only: for `replay()` of `lintel/runtime`.
   * @param subscriptions those with `replays: 'process'`
   * @throws PatternError when the hub has no archive, or a subscription skips replays
   */
  replay(subscriptions: readonly Subscription[]): Capability {
    check(this, replayChecks(this, subscriptions));
    const rules = Object.fromEntries(subscriptions.map(({ node, rule }) => [node.id, rule.ruleArn]));
    return replayOf({ hub: this, bus: this.bus, archive: this.archive!, rules });
  }
}

const SHAPE: Shape<EventHubProps> = {
  archive: duration(undefined, undefined, 'days'),
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
      rule: 'must be a whole number of days, at least 1',
      remedy: 'write Duration.days(30)',
    },
  ];
}

const DOCUMENT: Shape<AsyncApiInfo> = { title: filled('Shop'), version: filled('1.0.0') };

/** CDK's names for a bus's props, and their equivalents here. */
const NAMES = {
  eventBusName: 'leave it out: the name is derived from stack and construct',
  retention: "write 'archive'",
};
