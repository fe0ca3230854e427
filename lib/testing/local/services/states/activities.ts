import { AwsError } from '../../kernel/aws-errors';
import type { Deployed } from '../../kernel/deployment';
import { recordOf, text } from '../../kernel/json';

/** The CloudFormation type of an activity. */
export const ACTIVITY = 'AWS::StepFunctions::Activity';

/** A task that waits for a worker. */
export interface ActivityTask {
  readonly token: string;
  /** As JSON. */
  readonly input: string;
  /** Whether the execution still waits for it. */
  readonly open: () => boolean;
  /** Called when a worker picks it up. */
  readonly begin: (worker: string | undefined) => void;
}

/** An activity, whose tasks external workers poll. */
export interface Activity {
  readonly arn: string;
  readonly name: string;
  /** When it was created, in milliseconds. */
  readonly created: number;
  /** The customer's key that encrypts its tasks, as given: an id, an ARN or an alias. */
  readonly key?: string | undefined;
}

/** The templates' activities and handler-created ones, with the tasks waiting for a worker. */
export class Activities {
  private readonly known = new Map<string, Activity>();
  private readonly waiting = new Map<string, ActivityTask[]>();
  private readonly workers = new Map<string, Set<() => void>>();

  /** @param now the services' time, in milliseconds */
  constructor(private readonly now: () => number) {}

  /** All of them, in creation order. */
  get all(): readonly Activity[] {
    return [...this.known.values()];
  }

  /** Adds a template's activity. */
  add({ arn, name, properties }: Deployed): void {
    this.create(arn, name, text(recordOf(properties.EncryptionConfiguration).KmsKeyId));
  }

  /** Creates an activity, or returns the existing one. */
  create(arn: string, name: string, key?: string): Activity {
    const activity = this.known.get(arn) ?? { arn, name, created: this.now(), key };
    this.known.set(arn, activity);
    return activity;
  }

  /** Deletes an activity; waiting tasks keep waiting. */
  delete(arn: string): void {
    this.known.delete(arn);
  }

  has(arn: string): boolean {
    return this.known.has(arn);
  }

  /** The activity with an ARN; undefined if there is none. */
  find(arn: string): Activity | undefined {
    return this.known.get(arn);
  }

  /** @throws AwsError when there is none */
  existing(arn: string): Activity {
    const activity = this.known.get(arn);
    if (activity) return activity;
    throw new AwsError('ActivityDoesNotExist', `Activity does not exist: '${arn}'`);
  }

  /** Queues a task for a worker. */
  schedule(arn: string, task: ActivityTask): void {
    this.waiting.set(arn, [...(this.waiting.get(arn) ?? []), task]);
    for (const wake of this.workers.get(arn) ?? []) wake();
  }

  /**
   * The oldest task for a worker; undefined if none arrives in time.
   * @param patience milliseconds
   */
  async next(arn: string, worker: string | undefined, patience: number): Promise<ActivityTask | undefined> {
    const found = this.take(arn) ?? (await this.arrival(arn, patience));
    found?.begin(worker);
    return found;
  }

  /** Releases waiting workers. */
  stop(): void {
    for (const all of this.workers.values()) for (const wake of all) wake();
  }

  private async arrival(arn: string, patience: number): Promise<ActivityTask | undefined> {
    const workers = this.workers.get(arn) ?? new Set();
    this.workers.set(arn, workers);
    return new Promise((resolve) => {
      const end = (task?: ActivityTask): void => {
        clearTimeout(timer);
        workers.delete(wake);
        resolve(task);
      };
      const wake = (): void => end(this.take(arn));
      const timer = setTimeout(end, patience);
      workers.add(wake);
    });
  }

  private take(arn: string): ActivityTask | undefined {
    const waiting = (this.waiting.get(arn) ?? []).filter((task) => task.open());
    const task = waiting.shift();
    this.waiting.set(arn, waiting);
    return task;
  }
}
