import type { Clock } from '../../kernel/clock';
import type { Disorder } from '../../kernel/disorder';
import type { DataDirectory } from '../../kernel/data-directory';
import type { Deployed, Deployment } from '../../kernel/deployment';
import type { Unsupported } from '../../kernel/unsupported';
import type { Message } from './message';
import type { KeptEntries } from '../../kernel/kept-entries';
import { Queue } from './queue';
import { queueSettings } from './settings';

/** The CloudFormation type of a queue. */
export const QUEUE = 'AWS::SQS::Queue';

/** The file that persists messages. */
const KEPT = 'queues.jsonl';

/** Dependencies of a run's queues. */
export interface QueuesContext {
  /** Everything that would be deployed. */
  readonly deployment: Deployment;
  /** The services' clock. */
  readonly clock: Clock;
  /** Reordering and duplication of messages. */
  readonly disorder: Disorder;
  /** The URL of a queue. */
  readonly urlOf: (name: string) => string;
  /** Reports something unsupported. */
  readonly unsupported: (item: Unsupported) => void;
  /** Keeps messages between runs. */
  readonly data: DataDirectory;
}

/** The queues of the templates. */
export class Queues {
  /** In template order. */
  readonly all: Queue[] = [];
  private readonly byNames = new Map<string, Queue>();
  private readonly kept: KeptEntries<Message>;

  /** @param context their dependencies */
  constructor(private readonly context: QueuesContext) {
    this.kept = context.data.entries(KEPT);
    for (const deployed of context.deployment.ofType(QUEUE)) this.add(deployed);
  }

  /** Adds a template's queue. */
  add({ arn, name, properties }: Deployed): Queue {
    const { clock, disorder, urlOf } = this.context;
    const deadLetter = (from: Queue, message: Message) => this.deadLetter(from, message);
    // CloudFormation's generated names of FIFO queues end in .fifo as well.
    const full = properties.FifoQueue === true && !name.endsWith('.fifo') ? `${name}.fifo` : name;
    const { kept } = this;
    const queue = new Queue(full, arn, queueSettings(properties), { clock, disorder, urlOf, deadLetter, kept });
    this.all.push(queue);
    for (const key of [full, arn]) this.byNames.set(key, queue);
    return queue;
  }

  /** The queue with a name, an ARN or a URL (AWS's or this run's). */
  find(reference: string): Queue | undefined {
    return this.byNames.get(reference) ?? this.byNames.get(reference.split('/').at(-1) ?? '');
  }

  /** The queue with an ARN. */
  withArn(arn: string): Queue | undefined {
    return this.all.find((queue) => queue.arn === arn);
  }

  /** The queues that send their dead letters to a queue. */
  sourcesOf(deadLetters: Queue): readonly Queue[] {
    return this.all.filter(({ settings }) => settings.redrive?.target === deadLetters.arn);
  }

  /** Reports dead-letter queues that would accept nothing. */
  report(): void {
    for (const deployed of this.context.deployment.ofType(QUEUE)) {
      const queue = this.find(deployed.arn);
      const target = queue?.settings.redrive?.target;
      if (!queue || target === undefined) continue;
      const reason = refusal(queue, this.find(target));
      if (reason) this.context.unsupported({ resource: deployed.displayName, type: deployed.type, reason });
    }
  }

  /** Restores the messages of an earlier run; those of queues no longer in any template stay where they are. */
  load(queues: readonly Queue[] = this.all): void {
    const kept = [...this.kept.open()];
    for (const queue of queues) {
      queue.keep(kept.filter(([key]) => key.startsWith(`${queue.name}/`)).map(([, message]) => message));
    }
  }

  stop(): void {
    for (const queue of this.all) queue.stop();
  }

  private deadLetter(from: Queue, message: Message): boolean {
    const target = this.find(from.settings.redrive?.target ?? '');
    if (!target || refusal(from, target)) return false;
    target.adopt(message, from.arn);
    return true;
  }
}

function refusal(from: Queue, target: Queue | undefined): string | undefined {
  const kept = 'messages that fail stay in the queue';
  if (!target) return `its dead-letter queue is in no template: ${kept}`;
  if (target === from) return `it is its own dead-letter queue: ${kept}`;
  if (target.fifo !== from.fifo)
    return `its dead-letter queue must be ${from.fifo ? 'FIFO' : 'standard'}, too: ${kept}`;
  const { redriveFrom } = target.settings;
  return redriveFrom === 'all' || redriveFrom.includes(from.arn)
    ? undefined
    : `the redrive allow policy of its dead-letter queue does not name it: ${kept}`;
}
