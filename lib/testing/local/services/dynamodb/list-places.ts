import { type JsonObject, asList, recordOf, text } from '../../kernel/json';

/** The item that an update would change; undefined if there is none. */
export type ItemOf = (update: JsonObject) => Promise<JsonObject | undefined>;

/** What an expression sets that is, or is in, a place of a list: `lines[7]`, or `#o.lines[7].name`. */
const PLACE = /^\s*([#\w]+(?:\s*\.\s*[#\w]+|\s*\[\d+\])*\s*\[\d+\](?:\s*\.\s*[#\w]+)*)\s*=/;
/** One step of such a path behind the first. */
const STEP = /\s*\.\s*([#\w]+)|\s*\[(\d+)\]/g;

/** Whether a call sets places in lists, so that what becomes of it depends on the lists that are there. */
export function setsPlaces(operation: string, input: JsonObject): boolean {
  const updates =
    operation === 'UpdateItem'
      ? [input]
      : operation === 'TransactWriteItems'
        ? asList(input.TransactItems).map((item) => recordOf(recordOf(item).Update))
        : [];
  return updates.some(({ UpdateExpression }) =>
    actionsOf(text(UpdateExpression) ?? '').some(({ source }) => PLACE.test(source)),
  );
}

/**
 * Updates that set places beyond the end of a list: DynamoDB appends the values, in the order of the places, and refuses to
 * set something within such a place; an engine fills the gap. They become updates of the places behind the last, and of what
 * no list has.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
 */
export async function withPlacesInLists(operation: string, input: JsonObject, itemOf: ItemOf): Promise<JsonObject> {
  if (operation === 'UpdateItem') return placed(input, itemOf);
  if (operation !== 'TransactWriteItems') return input;
  const items = await Promise.all(
    asList(input.TransactItems).map(async (item) => {
      const update = recordOf(recordOf(item).Update);
      const one = await placed(update, itemOf);
      return one === update ? item : { ...recordOf(item), Update: one };
    }),
  );
  return items.some((item, index) => item !== asList(input.TransactItems)[index])
    ? { ...input, TransactItems: items }
    : input;
}

async function placed(update: JsonObject, itemOf: ItemOf): Promise<JsonObject> {
  const expression = text(update.UpdateExpression) ?? '';
  const actions = actionsOf(expression).filter(({ source }) => PLACE.test(source));
  const item = actions.length > 0 ? await itemOf(update) : undefined;
  if (!item) return update;
  const places = actions.flatMap(({ source, start }) => {
    const [, path = ''] = PLACE.exec(source)!;
    const offset = start + source.indexOf(path);
    return firstBeyond(item, path, recordOf(update.ExpressionAttributeNames), offset);
  });
  if (places.length === 0) return update;
  const last = [...places].sort((one, other) => other.start - one.start);
  const UpdateExpression = last.reduce((whole, { start, end, list: within, index, length, isWithin }) => {
    const before = new Set(
      places.filter((one) => one.list === within && !one.isWithin && one.index < index).map((one) => one.index),
    );
    const target = isWithin ? '.#no' : `[${length + before.size}]`;
    return whole.slice(0, start) + target + whole.slice(end);
  }, expression);
  const names = places.some(({ isWithin }) => isWithin) && {
    ExpressionAttributeNames: { ...recordOf(update.ExpressionAttributeNames), '#no': 'attribute of a list' },
  };
  return { ...update, UpdateExpression, ...names };
}

/** The actions of the SET section, with their offsets. */
function actionsOf(expression: string): readonly { readonly source: string; readonly start: number }[] {
  const sections = [...expression.matchAll(/(?<![#:\w.])(SET|REMOVE|ADD|DELETE)(?!\w)/gi)];
  return sections.flatMap(({ 0: keyword, index }, position) => {
    if (keyword.toUpperCase() !== 'SET') return [];
    const end = sections[position + 1]?.index ?? expression.length;
    return separated(expression, index + keyword.length, end);
  });
}

/** Splits a section at commas outside parentheses. */
function separated(expression: string, from: number, to: number): { source: string; start: number }[] {
  const parts: { source: string; start: number }[] = [];
  let [depth, start] = [0, from];
  for (let at = from; at <= to; at++) {
    const character = expression[at];
    if (at === to || (character === ',' && depth === 0)) {
      parts.push({ source: expression.slice(start, at), start });
      start = at + 1;
    } else if (character === '(') depth++;
    else if (character === ')') depth--;
  }
  return parts;
}

/** A place beyond the end of a list. */
interface Beyond {
  /** Where the step stands in the expression. */
  readonly start: number;
  readonly end: number;
  /** The path of the list. */
  readonly list: string;
  readonly index: number;
  /** How many values the list has. */
  readonly length: number;
  /** Whether the path leads on. */
  readonly isWithin: boolean;
}

/** The first step of a path that leads beyond the end of a list. */
function firstBeyond(item: JsonObject, path: string, names: JsonObject, offset: number): readonly Beyond[] {
  const nameOf = (part: string) => text(names[part]) ?? part;
  const first = /^[#\w]+/.exec(path)![0];
  let value: unknown = item[nameOf(first)];
  let place = nameOf(first);
  for (const { 0: step, 1: name, 2: position, index: at } of path.slice(first.length).matchAll(STEP)) {
    if (name !== undefined) {
      value = recordOf(recordOf(value).M)[nameOf(name)];
      place += JSON.stringify(nameOf(name));
      continue;
    }
    const { L } = recordOf(value);
    if (L === undefined) return [];
    const index = Number(position);
    const { length } = asList(L);
    const start = offset + first.length + at;
    const end = start + step.length;
    if (index >= length) return [{ start, end, list: place, index, length, isWithin: end < offset + path.length }];
    value = asList(L)[index];
    place += `[${index}]`;
  }
  return [];
}
