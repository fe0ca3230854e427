import { type ITable, Operation } from 'aws-cdk-lib/aws-dynamodb';
import { PERIOD, type Watched } from './metrics';
import { above, type AlarmSettings } from './settings';

/** Operations whose throttles and errors are counted; an expression takes ten. */
export const WATCHED_OPERATIONS = [
  Operation.GET_ITEM,
  Operation.BATCH_GET_ITEM,
  Operation.QUERY,
  Operation.SCAN,
  Operation.PUT_ITEM,
  Operation.UPDATE_ITEM,
  Operation.DELETE_ITEM,
  Operation.BATCH_WRITE_ITEM,
  Operation.TRANSACT_GET_ITEMS,
  Operation.TRANSACT_WRITE_ITEMS,
];

/** Throttled requests, and errors on DynamoDB's side. */
export function ofTable(table: ITable, settings: AlarmSettings = {}): Watched[] {
  const options = { operations: WATCHED_OPERATIONS, period: PERIOD };
  return [
    {
      resource: table,
      what: 'Throttles',
      metric: table.metricThrottledRequestsForOperations(options),
      setting: 'throttles',
      threshold: above(settings.throttles, 0),
      alarmDescription: 'Requests are throttled: a partition key is too hot, or a maximum throughput is reached',
    },
    {
      resource: table,
      what: 'SystemErrors',
      metric: table.metricSystemErrorsForOperations(options),
      setting: 'systemErrors',
      threshold: above(settings.systemErrors, 0),
      alarmDescription: 'DynamoDB fails: see the AWS Health Dashboard',
    },
  ];
}
