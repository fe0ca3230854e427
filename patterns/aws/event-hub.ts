import type { Duration } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Capability } from '../../lib/aws/access/capability';
import { EntityTable } from '../../lib/aws/entity-table';
import { publishTo, type PublishProps } from '../../lib/aws/event-hub/publish';
import type { SubscribeProps } from '../../lib/aws/event-hub/subscribe-props';
import { TOPIC } from '../../lib/aws/resource-kinds';
import type { Check } from '../../lib/core/check/check';
import { duration } from '../../lib/core/check/kinds';
import { checkProps, type Shape } from '../../lib/core/check/shape';
import { Subscription } from './subscription';

/** Props of an `EventHub`; none is required. */
export interface EventHubProps {
  /**
   * Keeps every event for so many days, to be replayed: `Duration.days(30)`.
   * @default - events are not kept
   */
  readonly archive?: Duration;
  /**
   * Who is told of alarms of the subscriptions.
   * @default - nobody; the alarms are there
   */
  readonly alarmTopic?: ITopic;
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
  /** Who is told of alarms. */
  readonly alarmTopic?: ITopic;

  /** @throws PatternError when the archive keeps events for no whole number of days */
  constructor(scope: Construct, id: string, props: EventHubProps = {}) {
    super(scope, id);
    checkProps(this, props, SHAPE, checksOf, NAMES);
    this.alarmTopic = props.alarmTopic;
    this.bus = new events.EventBus(this, 'Bus', { description: `Events of ${this.node.path}`.slice(0, 512) });
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
    return publishTo(this.node.path, this.bus, props);
  }

  /**
   * Events for one handler. A service with a stack of its own makes a `Subscription` there.
   * @throws PatternError when it says nothing of which events, or its pattern is none
   */
  subscribe(id: string, props: SubscribeProps): Subscription {
    return new Subscription(this, id, { hub: this, ...props });
  }
}

const SHAPE: Shape<EventHubProps> = {
  archive: duration(),
  alarmTopic: TOPIC,
};

function checksOf({ archive }: EventHubProps): Check[] {
  return [
    {
      prop: 'archive',
      value: archive,
      valid: () => archive === undefined || (archive.toSeconds() > 0 && archive.toSeconds() % 86_400 === 0),
      rule: 'must be whole days, one or more',
      remedy: 'write Duration.days(30)',
    },
  ];
}

/** Names of CDK's buses, and what says the same here. */
const NAMES = {
  eventBusName: 'leave it out: the name is made of those of stack and construct',
  retention: "write 'archive'",
};
