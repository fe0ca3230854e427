import { AwsError } from '../../../kernel/aws-errors';
import { type JsonObject, recordOf, text } from '../../../kernel/json';
import type { Activities, Activity } from '../activities';
import { paged } from './paged';
import { seconds } from './shapes';

/** Dependencies of activity operations. */
export interface ActivityParts {
  readonly activities: Activities;
  /** How long a worker waits for a task, in real milliseconds. */
  readonly patience: () => number;
  /** An ARN of Step Functions: `arn('activity:Ship')`. */
  readonly arn: (resource: string) => string;
}

const OPERATIONS = ['CreateActivity', 'DeleteActivity', 'DescribeActivity', 'ListActivities', 'GetActivityTask'];

/** Whether it is an activity operation. */
export function isOnActivities(operation: string): boolean {
  return OPERATIONS.includes(operation);
}

/** Executes an activity operation. */
export async function answerOnActivities(
  operation: string,
  input: JsonObject,
  { activities, patience, arn }: ActivityParts,
): Promise<unknown> {
  const given = text(input.activityArn) ?? '';
  switch (operation) {
    case 'CreateActivity': {
      const name = text(input.name) ?? '';
      checkName(name);
      const key = text(recordOf(input.encryptionConfiguration).kmsKeyId);
      const { arn: activityArn, created } = activities.create(arn(`activity:${name}`), name, key);
      return { activityArn, creationDate: seconds(created) };
    }
    case 'DeleteActivity':
      activities.delete(given);
      return {};
    case 'DescribeActivity':
      return shape(activities.existing(given));
    case 'ListActivities':
      return paged('activities', activities.all.map(shape), input);
    default: {
      const task = await activities.next(activities.existing(given).arn, text(input.workerName), patience());
      return task ? { taskToken: task.token, input: task.input } : {};
    }
  }
}

function shape({ arn, name, created, key }: Activity): JsonObject {
  const encrypted = { encryptionConfiguration: { kmsKeyId: key, type: 'CUSTOMER_MANAGED_KMS_KEY' } };
  return { activityArn: arn, name, creationDate: seconds(created), ...(key !== undefined && encrypted) };
}

function checkName(name: string): void {
  if (/^[\w+.@-]{1,80}$/.test(name)) return;
  throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
}
