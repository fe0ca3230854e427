import type { Resource } from '../../../core/model/model';
import { at, isList, isUnknown, items, toText } from '../../../core/model/select';
import { Choice, type Value } from '../../../core/model/values';
import { each, type Rule, undecided } from '../../rule';

const DECLARED = 'AttributeDefinitions';
const INDEXES = ['GlobalSecondaryIndexes', 'LocalSecondaryIndexes'];

export const tableAttributes: Rule = {
  id: 'TableAttributes',
  severity: 'error',
  title: 'A table declares the attributes of its keys and indexes, and no others',
  why: 'DynamoDB rejects the deployment otherwise: other attributes need no declaration.',
  fix: 'declare each key attribute of the table and its indexes once, and no other',
  source: 'https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html',
  check: each(['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'], function* (table) {
    const list = at(table, DECLARED);
    if (list === undefined || at(table, 'KeySchema') === undefined) return;
    const schemas = keySchemas(table);
    const lists = [list, ...schemas.map(({ schema }) => schema)];
    const open = [...lists, ...INDEXES.map((name) => at(table, name))].find(isUnknown);
    if (open) {
      yield undecided(table, DECLARED, open);
      return;
    }
    const declared = namesIn(list);
    const used = schemas.flatMap(({ property, schema }) => namesIn(schema).map((name) => ({ property, name })));
    const missing = used.filter((key) => !declared.includes(key.name));
    const spare = declared.filter((one) => !used.some((key) => key.name === one));
    if (missing.length + spare.length === 0) return;
    // Of what only some branches have, the unused is not certain.
    const isOpen = [DECLARED, ...INDEXES].some((name) => isOpenList(at(table, name)));
    const unused = isOpen ? [] : spare;
    const unnamed = lists.flatMap(items).map(nameOf).find(isUnknown);
    if (unnamed && missing.length + unused.length > 0) {
      yield undecided(table, DECLARED, unnamed);
      return;
    }
    for (const { property, name } of missing) {
      const message = `has the key ${name}, which it does not declare`;
      yield { resource: table, property, message, detail: `${property} ${name}` };
    }
    for (const name of new Set(unused)) {
      yield { resource: table, property: DECLARED, message: `declares ${name}, which is in no key`, detail: name };
    }
  }),
};

function keySchemas(table: Resource): { readonly property: string; readonly schema: Value | undefined }[] {
  const indexes = INDEXES.flatMap((list) =>
    items(at(table, list)).map((index, position) => ({
      property: `${list}.${position}.KeySchema`,
      schema: at(index, 'KeySchema'),
    })),
  );
  return [{ property: 'KeySchema', schema: at(table, 'KeySchema') }, ...indexes];
}

function nameOf(item: Value): Value | undefined {
  return at(item, 'AttributeName');
}

/** Names in every branch; those made of what is known only at deployment as JSON, to compare them. */
function namesIn(list: Value | undefined): string[] {
  return items(list).flatMap((item) => {
    const name = nameOf(item);
    return typeof name === 'string' ? name : items(name).map((value) => toText(value) ?? JSON.stringify(value));
  });
}

function isOpenList(list: Value | undefined): boolean {
  return list !== undefined && (!isList(list) || list.some((item) => item instanceof Choice));
}
