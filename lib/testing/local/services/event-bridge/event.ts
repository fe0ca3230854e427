import { randomUUID } from 'node:crypto';
import type { JsonRecord } from '../../kernel/json';

/** What an event is made of. */
export interface EventParts {
  /** Who sends: `shop.orders`, `aws.s3`. */
  readonly source: string;
  /** What happened: `OrderPlaced`. */
  readonly detailType: string;
  readonly detail: unknown;
  /** ARNs of what it is about. */
  readonly resources?: readonly string[];
  /** When; by default now. */
  readonly time?: Date;
}

/** An event as rules and targets see it. */
export function eventOf(
  { source, detailType, detail, resources = [], time = new Date() }: EventParts,
  where: {
    readonly region: string;
    readonly account: string;
  },
): JsonRecord {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': detailType,
    source,
    account: where.account,
    time: time.toISOString().replace(/\.\d+Z$/, 'Z'),
    region: where.region,
    resources,
    detail,
  };
}
