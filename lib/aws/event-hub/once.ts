import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { eventAge } from '../../core/facts/events';
import { defaultRetention, retention } from '../../core/facts/sqs';
import { grantAccess } from '../access/apply';
import { Capability } from '../access/capability';
import type { EntityTable } from '../entity-table';

/**
 * Seconds for which a processed event is remembered: the longest path of an event, plus a day to redrive on the
 * last of it: the bus's retries, the queue, the dead-letter queue, and the queue again.
 */
export const KEPT = eventAge.value.max + 2 * defaultRetention.value + retention.value.max + 86_400;

/** What a subscription's handler needs in order to process events once. */
export interface Remembering {
  /** Distinguishes the subscription from others that use the same table. */
  readonly subscription: IConstruct;
  /** The table of the hub. */
  readonly processed: EntityTable;
  /** What happens to replayed events. */
  readonly replays?: 'skip' | 'process';
}

/** Lets a handler remember processed events: the four calls of Powertools' idempotency, and the variables of `subscriber()`. */
export function rememberProcessed(handler: lambda.Function, { subscription, processed, replays }: Remembering): void {
  const { statements } = processed.write({ batch: false });
  const [{ resources } = { resources: [] }, ...key] = statements;
  const actions = ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'];
  grantAccess(handler, {
    SUBSCRIPTION_PROCESSED: new Capability({ variables: {}, statements: [{ actions, resources }, ...key] }),
  });
  handler.addEnvironment('SUBSCRIPTION', subscription.node.path);
  handler.addEnvironment('SUBSCRIPTION_PROCESSED', processed.tableName);
  handler.addEnvironment('SUBSCRIPTION_KEEP', String(KEPT));
  if (replays === 'process') handler.addEnvironment('SUBSCRIPTION_REPLAYS', replays);
}
