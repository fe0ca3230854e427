import { Duration, Lazy } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { WATCHED_OPERATIONS } from '../../lib/aws/alarms/of-table';
import { Capability } from '../../lib/aws/access/capability';
import { patternAlarms } from '../../lib/aws/alarms/pattern-alarms';
import { checkId } from '../../lib/aws/construct-checks';
import { PatternConstruct } from '../../lib/aws/pattern-construct';
import type { EntityTable } from '../../lib/aws/entity-table';
import { DEFAULT_ENTRY } from '../../lib/aws/event-hub/entry-size';
import { Projection, type ProjectionProps } from '../../lib/aws/event-store/projection';
import { Publication, type PublishToProps } from '../../lib/aws/event-store/publication';
import { replayLister } from '../../lib/aws/event-store/replay/replay';
import { onTable, readEvents, writeEvents, writerAccess } from '../../lib/aws/event-store/store-access';
import { checkStoreProps } from '../../lib/aws/event-store/store-checks';
import type { EventStoreProps } from '../../lib/aws/event-store/store-props';
import { type StoreTables, storeTables } from '../../lib/aws/event-store/tables';
import { privateBucket } from '../../lib/aws/private-bucket';
import { ServiceFunction } from '../../lib/aws/service-function';
import { shippedModule } from '../../lib/aws/shipped-module';
import { tooManyReaders } from '../../lib/aws/stream-readers';
import { isTable, type StreamSource } from '../../lib/aws/stream-source';
import { check } from '../../lib/core/check/check';
import { having, needed } from '../../lib/core/check/kinds';
import { kindChecks } from '../../lib/core/check/shape';

/**
 * An append-only event store on DynamoDB, keyed by aggregate and version, with read models that follow it.
 * Whoever appends may put and read, in transactions, but neither update nor delete. IAM cannot tell a put that replaces an
 * event from one that adds it, so the runtime helper sets the condition, and every projection treats any change other than a
 * new event as tampering: it parks the change, raises an alarm, and never applies it.
 * @example
 * const orders = new EventStore(this, 'Orders');
 * orders.project('ByCustomer', { handler: 'src/by-customer.ts' });
 * new ServiceFunction(this, 'Place', { entry: 'src/place.ts', access: { ORDERS: orders.append() } });
 */
export class EventStore extends PatternConstruct {
  /** Events by aggregate (`id`) and `version`; holds nothing else. */
  readonly table: EntityTable;
  /** Ids of the commands already carried out. */
  readonly commands: EntityTable;
  /** States of aggregates, with `snapshots`. */
  readonly snapshots?: EntityTable;
  /** A data key for each subject, with `personal`. */
  readonly keys?: EntityTable;
  /** Holds what is too large for an item, with `claimCheck`. */
  readonly payloads?: IBucket;
  /** What projections read: the table, or the Kinesis stream. */
  readonly source: StreamSource;
  /** The only function that may put events, with `writer: 'function'`. */
  readonly writer?: ServiceFunction;
  /** The table's alarms. */
  readonly alarms: readonly cloudwatch.Alarm[];
  /** Projections by their ids. */
  readonly projections: ReadonlyMap<string, Projection>;

  private publication?: Publication;
  /** Largest entry in bytes that the hub, or any bus and its targets, accepts. */
  private published?: number;
  private readonly tables: StoreTables;
  private readonly props: EventStoreProps;

  /** @throws PatternError when a setting contradicts another */
  constructor(scope: Construct, id: string, props: EventStoreProps = {}) {
    super(scope, id);
    checkStoreProps(this, props);
    this.props = props;
    this.tables = storeTables(this, props);
    this.table = this.tables.events;
    this.commands = this.tables.commands;
    this.snapshots = this.tables.snapshots;
    this.keys = this.tables.keys;
    this.payloads = this.tables.payloads;
    this.source = this.tables.source;
    if (props.writer === 'function') this.writer = this.makeWriter(props.writeRegion);
    this.projections = new Map();
    this.alarms = patternAlarms(this, { topic: props.alarmTopic, settings: props.alarms }).table(this.table);
    this.node.addValidation({
      validate: () => tooManyReaders(this, 'stream', this.source, isTable(this.source) ? MORE_READERS : FAN_OUT),
    });
  }

  /** Reads one aggregate at a time: events, snapshot and key. */
  read(): Capability {
    return readEvents(this.tables);
  }

  /**
   * `read()`, plus puts, alone and in transactions. No `UpdateItem`, `DeleteItem`, batch writes, PartiQL or `Scan`.
   */
  append(): Capability {
    // Lazy: an appender may be created before `publishTo()` is called.
    const limit = Lazy.string({
      produce: () => (this.published === undefined ? undefined : String(this.published - ENVELOPE_BYTES)),
    });
    const { personal, writeRegion } = this.props;
    return this.read().and(writeEvents(this.tables, { limit, personal, writeRegion, writer: this.writer?.trigger }));
  }

  /** Deletes subjects' keys, and what snapshots still hold about them. */
  forget(): Capability {
    const { keys, snapshots } = this.tables;
    check(this, [
      {
        prop: 'forget',
        value: undefined,
        sensitive: true,
        valid: () => keys !== undefined,
        rule: 'must be called on a store with personal fields',
        remedy: "name them in 'personal': { OrderPlaced: ['name', 'email'] }",
      },
    ]);
    const statements = [keys!, snapshots].flatMap((table) => (table ? onTable(table, ['DeleteItem']) : []));
    return this.read().and(new Capability({ variables: {}, statements }));
  }

  /**
   * A read model that follows the events.
   * @throws PatternError when a setting is outside the service's limits
   */
  project(id: string, props: ProjectionProps): Projection {
    checkId(this, 'store.project', id);
    const { alarmTopic, removalPolicy } = this.props;
    const store = {
      tables: this.tables,
      alarmTopic,
      removalPolicy,
      failures: this.failures(),
      lister: this.lister(),
      exports: this.props.exports,
    };
    const projection = new Projection(this, id, props, store);
    (this.projections as Map<string, Projection>).set(id, projection);
    return projection;
  }

  /**
   * Publishes the events to a bus as CloudEvents: stored first, then at least once, unordered. From then on, appending an event
   * that the bus could not take is refused.
   * @param hub an EventHub, or a bus all of whose targets are assumed to accept entries of 256 KiB
   * @throws PatternError when it already publishes, or the source is not an exact name
   */
  publishTo(
    hub: IEventBus | { readonly bus: IEventBus; readonly maxEntrySize?: number },
    props: PublishToProps,
  ): Publication {
    check(this, [
      ...kindChecks(BUS, 'hub', hub),
      {
        prop: 'publishTo',
        value: this.publication?.node.path,
        valid: () => this.publication === undefined,
        rule: 'must be called only once, since each pipe is another reader of the stream',
        remedy: 'let a rule on the bus forward the events to the other',
      },
    ]);
    const bus = 'bus' in hub ? hub.bus : hub;
    const { alarmTopic, removalPolicy } = this.props;
    const store = { tables: this.tables, bus, lister: this.lister(), alarmTopic, removalPolicy };
    this.publication = new Publication(this, 'Publication', props, store);
    this.published = ('bus' in hub && hub.maxEntrySize) || DEFAULT_ENTRY;
    return this.publication;
  }

  /**
   * Publishes events again, with `replays()` of `lintel/runtime`: `start({ since, until })`. They keep their ids, so subscribers
   * that have processed them skip them.
   * @throws PatternError before `publishTo()`
   */
  republish(): Capability {
    check(this, [
      {
        prop: 'republish',
        value: undefined,
        sensitive: true,
        valid: () => this.publication !== undefined,
        rule: 'must be called on a store that publishes its events',
        remedy: "call 'publishTo()' first",
      },
    ]);
    return this.publication!.republishing.access();
  }

  /**
   * Starts, watches and resumes replays of a projection, with `replays()` of `lintel/runtime`: to fill a new read model, repair one
   * after an outage, or rebuild it. It grants no access to events or models itself.
   */
  replay(projection: Projection): Capability {
    check(this, [
      {
        prop: 'projection',
        value: projection,
        valid: () => [...this.projections.values()].includes(projection),
        rule: 'must be a projection of this store',
        remedy: "pass what 'store.project(...)' has returned",
      },
    ]);
    return projection.replaying.access();
  }

  /** Throttled requests to the events table. */
  metricThrottles(options?: cloudwatch.MetricOptions): cloudwatch.IMetric {
    return this.table.metricThrottledRequestsForOperations({ operations: WATCHED_OPERATIONS, ...options });
  }

  /** Errors on DynamoDB's side. */
  metricSystemErrors(options?: cloudwatch.MetricOptions): cloudwatch.IMetric {
    return this.table.metricSystemErrorsForOperations({ operations: WATCHED_OPERATIONS, ...options });
  }

  /** Write capacity consumed by the events table. */
  metricWrites(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.table.metricConsumedWriteCapacityUnits(options);
  }

  private makeWriter(writeRegion?: string): ServiceFunction {
    return new ServiceFunction(this, 'Writer', {
      entry: shippedModule('../runtime/event-store/writer'),
      timeout: Duration.seconds(30),
      onFailure: 'none',
      access: writerAccess(this.tables, writeRegion),
    });
  }

  private lister(): ServiceFunction {
    const known = this.node.tryFindChild('Lister') as ServiceFunction | undefined;
    return known ?? replayLister(this, this.table, this.props.exports);
  }

  /** Bucket for batches that were given up, records and all: one per store, in which Lambda keeps mappings apart. */
  private failures(): IBucket {
    return (this.node.tryFindChild('Failures') as IBucket | undefined) ?? privateBucket(this, 'Failures');
  }
}

const BUS = needed(
  having(
    'an EventHub, or a bus',
    ['bus', 'eventBusName'],
    "pass the hub, or EventBus.fromEventBusArn(this, 'Bus', arn)",
  ),
  'name where the events go',
);

/** What an entry holds besides the event's JSON: its envelope, containing an id of up to 2 KB twice. */
const ENVELOPE_BYTES = 8192;

const FAN_OUT = 'let one reader pass the events on: publishTo() an EventHub, and subscribe there';

const MORE_READERS = `create the store with stream: 'kinesis', which allows five, or ${FAN_OUT}`;
