import { randomBytes } from 'node:crypto';
import { type AttributeValue, DynamoDBClient, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  ListMapRunsCommand,
  RedriveExecutionCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';

/** Which aggregates to replay. */
export interface ReplayScope {
  /**
   * Only aggregates with an event at this time or later. Times are set by whoever appended: go back a few minutes more.
   * @default - all
   */
  readonly since?: Date;
  /**
   * Only events before this time, when republishing.
   * @default - all
   */
  readonly until?: Date;
  /**
   * Key of an export's `manifest-files.json` in the store's `exports`: the aggregates are listed there instead of by a scan.
   * @default - a scan
   */
  readonly fromExport?: string;
  /**
   * Segments of the scan, each in a separate execution, from 1.
   * @default - 32 or more, depending on the table's size
   */
  readonly segments?: number;
  /**
   * Name of the execution: up to 80 letters, digits, `-` and `_`. A name used in the last 90 days is refused.
   * @default - derived from the time
   */
  readonly name?: string;
}

/** Some aggregates, by their ids. */
export interface ReplayedAggregates {
  /** As many as fit into 256 KiB. */
  readonly ids: readonly string[];
  /** Name of the execution. See `ReplayScope`. */
  readonly name?: string;
}

/** Progress of a replay. */
export interface ReplayProgress {
  /** `FAILED` and `ABORTED` can be continued with `resume()`, for 14 days. */
  readonly status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED' | 'PENDING_REDRIVE';
  /** What `done` and `total` count. */
  readonly unit: 'events' | 'aggregates';
  /** Listed and caught up. */
  readonly done: number;
  /** For events: from DescribeTable, up to six hours old, so `done` may well end above or below it. */
  readonly total: number;
  /** Aggregates caught up; one that spans two parts counts twice. */
  readonly aggregates: number;
  /** Events applied, except those that live traffic applied first. */
  readonly applied: number;
  /** Aggregates that could not be caught up: their messages are in the projection's queue. */
  readonly parked: number;
  /** Why it failed: the error of the first failed part, if that was the cause. */
  readonly error?: string;
  /** Details of the error. */
  readonly cause?: string;
}

/** The replays of a projection, for handlers whose `access` names `store.replay(projection)`. */
export interface Replays {
  /**
   * Lets the projection catch up with all aggregates: for a new projection, and after an outage. Each event counts once,
   * whatever is replayed concurrently.
   * @returns the name of the execution
   */
  start(scope?: ReplayScope): Promise<string>;
  /**
   * Lets it catch up with some aggregates, even parked ones.
   * @returns the name of the execution
   */
  repair(what: ReplayedAggregates | (ReplayScope & { readonly since: Date })): Promise<string>;
  /**
   * Rebuilds models from the first event, in place: after fixing a handler, or after an erasure. Only if each model
   * belongs to one aggregate; otherwise it ends with `ReplayRefused`.
   * @returns the name of the execution
   */
  rebuild(what?: ReplayScope | ReplayedAggregates): Promise<string>;
  /** Progress of a replay. */
  progress(name: string): Promise<ReplayProgress>;
  /** Continues a replay that failed or was stopped: finished parts are not repeated. */
  resume(name: string): Promise<void>;
  /** Stops a replay; `resume()` continues it. */
  stop(name: string): Promise<void>;
}

/**
 * The replays of a name in `access`.
 * @example
 * await replays('REPLAY').repair({ since: new Date(Date.now() - 3600_000) });
 */
export function replays(name: string): Replays {
  return new Client(name);
}

let clients: { readonly sfn: SFNClient; readonly dynamodb: DynamoDBClient } | undefined;

class Client implements Replays {
  constructor(private readonly name: string) {}

  start(scope: ReplayScope = {}): Promise<string> {
    return this.begin(scope, {});
  }

  async repair(what: ReplayedAggregates | (ReplayScope & { readonly since: Date })): Promise<string> {
    if (!('ids' in what) && !(what.since instanceof Date)) throw new TypeError("'repair' needs 'ids' or 'since'");
    return this.begin(what, {});
  }

  rebuild(what: ReplayScope | ReplayedAggregates = {}): Promise<string> {
    return this.begin(what, { rebuild: true });
  }

  async progress(name: string): Promise<ReplayProgress> {
    const { sfn } = clientsOf();
    const [execution, begun, parts] = await Promise.all([
      sfn.send(new DescribeExecutionCommand({ executionArn: this.executionArn(name) })),
      this.begun(name),
      this.parts(name),
    ]);
    const sum = (field: string) => parts.reduce((total, part) => total + Number(part[field]?.N ?? 0), 0);
    const unit = begun?.unit?.S === 'aggregates' ? 'aggregates' : 'events';
    const aggregates = sum('aggregates');
    const { status = 'RUNNING' } = execution;
    // The replay itself only says that a part failed, not why.
    const { error, cause } = (status === 'FAILED' && (await this.failedPart(name))) || execution;
    return {
      status,
      unit,
      done: unit === 'events' ? sum('items') : aggregates,
      total: Number(begun?.total?.N ?? 0),
      aggregates,
      applied: sum('applied'),
      parked: sum('parked'),
      ...(error !== undefined && { error }),
      ...(cause !== undefined && { cause }),
    };
  }

  async resume(name: string): Promise<void> {
    await clientsOf().sfn.send(new RedriveExecutionCommand({ executionArn: this.executionArn(name) }));
  }

  async stop(name: string): Promise<void> {
    const cause = 'Stopped by hand; redrive it to go on';
    await clientsOf().sfn.send(new StopExecutionCommand({ executionArn: this.executionArn(name), cause }));
  }

  private async begin(what: ReplayScope | ReplayedAggregates, more: { readonly rebuild?: true }): Promise<string> {
    const { name = nameOf(new Date()), ...scope } = what;
    if ('ids' in scope && scope.ids.length === 0) throw new TypeError("'ids' must name an aggregate");
    const input =
      'ids' in scope
        ? { ids: scope.ids }
        : {
            ...(scope.since && { since: scope.since.toISOString() }),
            ...(scope.until && { until: scope.until.toISOString() }),
            ...(scope.fromExport !== undefined && { export: scope.fromExport }),
            ...(scope.segments !== undefined && { segments: scope.segments }),
          };
    await clientsOf().sfn.send(
      new StartExecutionCommand({
        stateMachineArn: this.variable(),
        name,
        input: JSON.stringify({ ...input, ...more }),
      }),
    );
    return name;
  }

  private async failedPart(name: string): Promise<{ error?: string; cause?: string } | undefined> {
    const { sfn } = clientsOf();
    const { mapRuns = [] } = await sfn.send(new ListMapRunsCommand({ executionArn: this.executionArn(name) }));
    const mapRunArn = mapRuns[0]?.mapRunArn;
    if (mapRunArn === undefined) return undefined;
    const one = new ListExecutionsCommand({ mapRunArn, statusFilter: 'FAILED', maxResults: 1 });
    const { executions: [failed] = [] } = await sfn.send(one);
    return failed && sfn.send(new DescribeExecutionCommand({ executionArn: failed.executionArn }));
  }

  private async begun(name: string): Promise<Record<string, AttributeValue> | undefined> {
    const Key = { aggregate: { S: this.partition() }, projection: { S: `/${name}` } };
    const { Item } = await clientsOf().dynamodb.send(
      new GetItemCommand({ TableName: this.variable('_CHECKPOINTS'), Key, ConsistentRead: true }),
    );
    return Item;
  }

  private async parts(name: string): Promise<readonly Record<string, AttributeValue>[]> {
    const found: Record<string, AttributeValue>[] = [];
    let from: Record<string, AttributeValue> | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await clientsOf().dynamodb.send(
        new QueryCommand({
          TableName: this.variable('_CHECKPOINTS'),
          KeyConditionExpression: '#aggregate = :replay AND begins_with(#projection, :parts)',
          ExpressionAttributeNames: { '#projection': 'projection', '#aggregate': 'aggregate' },
          ExpressionAttributeValues: { ':replay': { S: this.partition() }, ':parts': { S: `${name}/` } },
          ConsistentRead: true,
          ...(from && { ExclusiveStartKey: from }),
        }),
      );
      found.push(...Items);
      from = LastEvaluatedKey;
    } while (from);
    return found;
  }

  private partition(): string {
    return `${this.variable('_PROJECTION')}#replay`;
  }

  private executionArn(name: string): string {
    return `${this.variable().replace(':stateMachine:', ':execution:')}:${name}`;
  }

  private variable(ending = ''): string {
    const value = process.env[`${this.name}${ending}`];
    if (value === undefined) {
      throw new Error(`The variable '${this.name}${ending}' is not set; name 'store.replay(projection)' in 'access'`);
    }
    return value;
  }
}

function nameOf(time: Date): string {
  return `${time.toISOString().slice(0, 19).replaceAll(':', '-')}-${randomBytes(4).toString('hex')}`;
}

function clientsOf() {
  return (clients ??= { sfn: new SFNClient({}), dynamodb: new DynamoDBClient({}) });
}
