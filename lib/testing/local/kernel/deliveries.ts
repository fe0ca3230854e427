import { AwsError } from './aws-errors';
import type { EventSource } from './event-source';
import type { AccessJudge, Need } from './judge';
import type { Delivery, LocalService, Sender } from './service';

/** Routes deliveries from one service to a resource of another. */
export class Deliveries {
  /** @param services they receive */
  constructor(
    private readonly access: AccessJudge,
    private readonly services: () => readonly LocalService[],
  ) {}

  /**
   * Judges a delivery by the sender's policies or the receiver's.
   * @throws AwsError when it is refused
   */
  judge(sender: Sender, need: Need): void {
    if ('service' in sender) {
      if (this.access.servicePermitted(sender.service, need, sender.arn)) return;
      const said = `${sender.service} is not authorized to perform: ${need.action} on resource: ${need.resource} for ${sender.arn}`;
      throw new AwsError('AccessDeniedException', said, 403);
    }
    const denial = this.access.refusal(sender, [need], 'platform');
    if (denial) throw new AwsError('AccessDeniedException', denial.message, 403);
  }

  /** Hands something to the service that runs the target. */
  async deliver(delivery: Delivery): Promise<void> {
    const service = this.receiverOf(delivery.target);
    if (!service?.receive)
      throw new AwsError('LocalRunUnsupported', `nothing here receives for '${delivery.target}'`, 501);
    await service.receive(delivery);
  }

  /** Whether a delivery to an ARN would be accepted. */
  reaches(arn: string): boolean {
    return this.receiverOf(arn) !== undefined;
  }

  /** What Lambda reads at an ARN. */
  eventSource(arn: string): EventSource | undefined {
    return this.services()
      .map((service) => service.eventSource?.(arn))
      .find((source) => source !== undefined);
  }

  private receiverOf(arn: string): LocalService | undefined {
    return this.services().find((service) => service.receives?.(arn));
  }
}
