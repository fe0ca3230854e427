import type { Deployed } from '../../kernel/deployment';
import { messageOf } from '../../kernel/errors';
import type { Delivery, LocalContext } from '../../kernel/service';
import { refusedDestinations } from './destinations';
import { configurationFaults } from './notification-faults';
import {
  bridgeEvent,
  type BucketNotifications,
  concerns,
  notificationsOf,
  type ObjectEvent,
  s3Event,
} from './notifications';

/** Sends bucket events to queues, functions and EventBridge. */
export class Notifier {
  private readonly configured = new Map<string, BucketNotifications>();
  private readonly telling = new Set<Promise<void>>();

  /** @param context the local run that delivers them */
  constructor(private readonly context: LocalContext) {}

  /** The number of deliveries in flight. */
  get left(): number {
    return this.telling.size;
  }

  /** As on AWS, one invalid destination disables all of a bucket's notifications. */
  async validate(bucket: Deployed): Promise<void> {
    const { displayName: resource, type, name } = bucket;
    const all = notificationsOf(bucket, this.context.deployment);
    const faults = configurationFaults(all.notifications);
    if (faults.length > 0) {
      const reason = `its notifications are not set: AWS refuses them: ${faults.join('; ')}`;
      return this.context.unsupported({ resource, type, reason });
    }
    const refusals = await refusedDestinations(this.context, name, all.notifications);
    if (refusals.length === 0) return void this.configured.set(name, all);
    const said = `unable to validate the following destination configurations: ${refusals.join('; ')}`;
    this.context.unsupported({ resource, type, reason: `its notifications are not set: ${said}` });
  }

  /** Starts the notifications for an event. */
  begin(event: ObjectEvent): void {
    const work = this.tell(event).finally(() => this.telling.delete(work));
    this.telling.add(work);
  }

  private async tell(event: ObjectEvent): Promise<void> {
    const { eventBridge = false, notifications = [] } = this.configured.get(event.bucket) ?? {};
    const sender = { service: 's3.amazonaws.com', arn: `arn:aws:s3:::${event.bucket}` };
    const deliveries: Delivery[] = notifications
      .filter((one) => concerns(one, event))
      .map(({ target, id }) => ({ target, payload: s3Event(event, id, this.context.region), sender }));
    const bus = this.context.arn('events', 'event-bus/default');
    if (eventBridge) deliveries.push({ target: bus, payload: bridgeEvent(event, this.context), sender });
    await Promise.all(deliveries.map((delivery) => this.deliver(delivery, event.bucket)));
  }

  /** Failures despite validation are logged. */
  private async deliver(delivery: Delivery, bucket: string): Promise<void> {
    try {
      await this.context.deliver(delivery);
    } catch (error) {
      const named = this.context.deployment.ofType('AWS::S3::Bucket').find(({ name }) => name === bucket);
      const source = named?.displayName ?? bucket;
      this.context.logs.write(source, `ERROR notification of ${delivery.target} failed: ${messageOf(error)}`);
    }
  }

  /** Waits for deliveries in flight. */
  async stop(): Promise<void> {
    await Promise.allSettled(this.telling);
  }
}
