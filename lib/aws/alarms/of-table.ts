import { type ITable, Operation } from 'aws-cdk-lib/aws-dynamodb';
import { PERIOD, type Watched } from './metrics';

/** What a table's throttles and errors are counted by; an expression takes ten. */
const OPERATIONS = [
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

/** Throttled requests, and errors of DynamoDB's own. */
export function ofTable(table: ITable): Watched[] {
  const options = { operations: OPERATIONS, period: PERIOD };
  return [
    {
      resource: table,
      what: 'Throttles',
      metric: table.metricThrottledRequestsForOperations(options),
      threshold: 0,
      alarmDescription: 'Requests are throttled: a partition key is too hot, or a maximum throughput is reached',
    },
    {
      resource: table,
      what: 'SystemErrors',
      metric: table.metricSystemErrorsForOperations(options),
      threshold: 0,
      alarmDescription: 'DynamoDB fails: see the AWS Health Dashboard',
    },
  ];
}
