import {
  type DynamoDBClient,
  PutItemCommand,
  TransactWriteItemsCommand,
  type TransactWriteItem,
} from '@aws-sdk/client-dynamodb';
import { TRANSACTION_BYTES, TRANSACTION_ITEMS } from '../limits';
import { bytesOf, type Item } from './items';
import { conditionFailed, patiently, reasonsOf } from './patience';

/** Maximum events per transaction: the last item is the command's. */
export const MOST_EVENTS = TRANSACTION_ITEMS - 1;

/** What to store in one transaction. */
export interface Plan {
  readonly events: readonly Item[];
  readonly command?: Item;
}

/** The outcome. */
export type Outcome = { readonly stored: true } | { readonly known: Item } | { readonly conflict: true };

/** The tables to store in. */
export interface Tables {
  readonly events: string;
  readonly commands: string | undefined;
}

/**
 * Stores all or nothing, and never overwrites. If the response to an attempt was lost and the next one finds its
 * own events, they are stored.
 */
export async function store(client: DynamoDBClient, tables: Tables, plan: Plan): Promise<Outcome> {
  const puts = [
    ...plan.events.map((item) => putOf(tables.events, item)),
    ...(plan.command ? [putOf(commandsOf(tables), plan.command)] : []),
  ];
  const [only] = puts;
  if (!only) return { stored: true };
  try {
    if (puts.length === 1) await patiently(() => client.send(new PutItemCommand(only)));
    else {
      const items: TransactWriteItem[] = puts.map((Put) => ({ Put }));
      await patiently(() => client.send(new TransactWriteItemsCommand({ TransactItems: items })));
    }
    return { stored: true };
  } catch (error) {
    if (!conditionFailed(error)) throw error;
    const found = reasonsOf(error).map(({ Item }) => Item);
    if (plan.events.some((item, index) => isSame(item, found[index]))) return { stored: true };
    const known = plan.command && found[plan.events.length];
    return known ? { known } : { conflict: true };
  }
}

const putOf = (TableName: string, Item: Item) => ({
  TableName,
  Item,
  ConditionExpression: 'attribute_not_exists(id)',
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
});

/** Every append has a unique id. */
function isSame(item: Item, found: Item | undefined): boolean {
  const append = item.meta?.M?.append?.S;
  return append !== undefined && append === found?.meta?.M?.append?.S;
}

function commandsOf({ commands, events }: Tables): string {
  if (commands === undefined) throw new Error(`The table of commands of '${events}' is not in 'access'`);
  return commands;
}

/** @throws RangeError for more than a transaction can hold */
export function refuseTooMany({ events, command }: Plan): void {
  if (events.length > MOST_EVENTS) {
    throw new RangeError(`${events.length} events are more than one append can store; ${MOST_EVENTS} is the most`);
  }
  const bytes = [...events, ...(command ? [command] : [])].reduce((sum, item) => sum + bytesOf(item), 0);
  if (bytes > TRANSACTION_BYTES) {
    throw new RangeError(
      `${bytes} bytes of events are more than one append can store; ${TRANSACTION_BYTES} is the most`,
    );
  }
}
