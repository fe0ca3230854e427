import type { LocalMachine } from './services/states/handle';
import type { LocalQueueHandle } from './services/sqs/handle';
import type { LocalPostgres, LocalProxy } from './services/rds/handle';
import type { LocalSchedule } from './services/schedules/schedule';
import type { LocalTable } from './services/dynamodb/handle';
import type { LocalTopic } from './services/sns/handle';

/** A test's handle on a resource, by kind, provided by the service that runs it: see `LocalService.handles`. */
export interface LocalHandles {
  /** Of RDS. */
  readonly database: LocalPostgres;
  readonly machine: LocalMachine;
  readonly proxy: LocalProxy;
  readonly queue: LocalQueueHandle;
  /** Of EventBridge Scheduler, or of a rule. */
  readonly schedule: LocalSchedule;
  readonly table: LocalTable;
  readonly topic: LocalTopic;
}
