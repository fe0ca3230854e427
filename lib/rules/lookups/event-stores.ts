import type { Model, Resource } from '../../core/model/model';
import { indexed } from '../../core/model/indexed';
import { at, items, toText } from '../../core/model/select';

const TABLES = ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'];

/** Names of the attribute that orders an aggregate's events. */
const PLACE = /^(?:aggregate|event|stream)?[-_]?(?:version|revision|position|sequence|seq)[-_]?(?:nr|no|num|number)?$/i;

/**
 * Tables that look like event stores: sorted by a number named version, sequence or the like, and with a change
 * stream.
 */
export const eventStores: (model: Model) => readonly Resource[] = indexed((model) =>
  model.ofType(...TABLES).filter((table) => {
    const range = items(at(table, 'KeySchema')).find((key) => toText(at(key, 'KeyType')) === 'RANGE');
    const name = toText(at(range, 'AttributeName'));
    if (name === undefined || !PLACE.test(name)) return false;
    const definitions = items(at(table, 'AttributeDefinitions'));
    const definition = definitions.find((one) => toText(at(one, 'AttributeName')) === name);
    return toText(at(definition, 'AttributeType')) === 'N' && hasStream(table);
  }),
);

function hasStream(table: Resource): boolean {
  const replicas = items(at(table, 'Replicas')).map((replica) => at(replica, 'KinesisStreamSpecification'));
  return [at(table, 'StreamSpecification'), at(table, 'KinesisStreamSpecification'), ...replicas].some(
    (one) => one !== undefined,
  );
}
