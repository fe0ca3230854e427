import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../kernel/json';

/** The fields of a new event. */
export interface EventParts {
  /** The sender: `shop.orders`, `aws.s3`. */
  readonly source: string;
  /** What happened: `OrderPlaced`. */
  readonly detailType: string;
  readonly detail: unknown;
  /** ARNs of the resources it is about. */
  readonly resources?: readonly string[];
  /** The time; by default now. */
  readonly time?: Date;
}

/** An event as rules and targets see it. */
export function eventOf(
  { source, detailType, detail, resources = [], time = new Date() }: EventParts,
  where: {
    readonly region: string;
    readonly account: string;
  },
): JsonObject {
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
