import { at, eachBranch, inWords, isUnknown, items, toBoolean } from '../../../core/model/select';
import type { Value } from '../../../core/model/values';
import { each, type Rule } from '../../rule';

const ENABLED = 'PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled';

export const tableRecovery: Rule = {
  id: 'TableRecovery',
  severity: 'error',
  title: 'A table has point-in-time recovery',
  why: 'It is off by default: data that a faulty release overwrites or deletes is gone.',
  fix: 'set PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled to true, in every replica',
  source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html',
  check: each(['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'], function* (table) {
    const replicas = items(at(table, 'Replicas'));
    const places: [string, Value | undefined][] =
      table.type === 'AWS::DynamoDB::GlobalTable'
        ? replicas.map((replica, index) => [`Replicas.${index}.${ENABLED}`, at(replica, ENABLED)])
        : [[ENABLED, at(table, ENABLED)]];
    for (const [property, setting] of places) {
      for (const { value, when } of eachBranch(setting)) {
        if (isUnknown(value)) yield { resource: table, property, reason: value.reason };
        else if (toBoolean(value) !== true) {
          yield { resource: table, property, message: `has no point-in-time recovery${inWords(when)}` };
        }
      }
    }
  }),
};
