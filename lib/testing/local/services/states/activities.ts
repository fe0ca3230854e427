import { AwsError } from '../../kernel/aws-errors';
import type { Deployed } from '../../kernel/deployment';

/** The CloudFormation type of an activity. */
export const ACTIVITY = 'AWS::StepFunctions::Activity';

/** A task that waits for a worker. */
export interface ActivityTask {
  readonly token: string;
  /** As JSON. */
  readonly input: string;
  /** Whether somebody still waits for its end. */
  readonly open: () => boolean;
  /** A worker has it. */
  readonly begin: (worker: string | undefined) => void;
}

/** An activity: work that somebody outside asks for. */
export interface Activity {
  readonly arn: string;
  readonly name: string;
  /** When it was made, in milliseconds. */
  readonly created: number;
}

/** Activities of the templates, and those that handlers make, with the tasks that wait for a worker. */
export class Activities {
  private readonly known = new Map<string, Activity>();
  private readonly waiting = new Map<string, ActivityTask[]>();
  private readonly workers = new Map<string, Set<() => void>>();

  /** @param now the time of the services, in milliseconds */
  constructor(private readonly now: () => number) {}

  /** All of them, in the order in which they were made. */
  get all(): readonly Activity[] {
    return [...this.known.values()];
  }

  /** An activity of the templates. */
  add({ arn, name }: Deployed): void {
    this.create(arn, name);
  }

  /** Makes one, or gives the one that there is. */
  create(arn: string, name: string): Activity {
    const activity = this.known.get(arn) ?? { arn, name, created: this.now() };
    this.known.set(arn, activity);
    return activity;
  }

  /** Removes one; what waits for a worker waits on. */
  delete(arn: string): void {
    this.known.delete(arn);
  }

  has(arn: string): boolean {
    return this.known.has(arn);
  }

  /** @throws AwsError when there is none */
  existing(arn: string): Activity {
    const activity = this.known.get(arn);
    if (activity) return activity;
    throw new AwsError('ActivityDoesNotExist', `Activity does not exist: '${arn}'`);
  }

  /** Lets a task wait for a worker. */
  schedule(arn: string, task: ActivityTask): void {
    this.waiting.set(arn, [...(this.waiting.get(arn) ?? []), task]);
    for (const wake of this.workers.get(arn) ?? []) wake();
  }

  /**
   * The next task for a worker, the oldest first; undefined when there is none in the time.
   * @param patience milliseconds
   */
  async next(arn: string, worker: string | undefined, patience: number): Promise<ActivityTask | undefined> {
    const found = this.take(arn) ?? (await this.arrival(arn, patience));
    found?.begin(worker);
    return found;
  }

  /** Lets workers go. */
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
