import { type JsonRecord, list, record, text } from '../../kernel/json';

/** The item that an update would change; undefined if there is none. */
export type ItemOf = (update: JsonRecord) => Promise<JsonRecord | undefined>;

/** A place in a list that an expression sets: `lines[7]`, or `#o.lines[7]`. */
const PLACE = /^\s*([#\w]+(?:\.[#\w]+|\[\d+\])*)\[(\d+)\]\s*=/;

/**
 * Updates that set places beyond the end of a list: DynamoDB appends the values, in the order of the places, where an engine
 * fills the gap. They become updates of the places behind the last.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
 */
export async function withPlacesInLists(operation: string, input: JsonRecord, itemOf: ItemOf): Promise<JsonRecord> {
  if (operation === 'UpdateItem') return placed(input, itemOf);
  if (operation !== 'TransactWriteItems') return input;
  const items = await Promise.all(
    list(input.TransactItems).map(async (item) => {
      const update = record(record(item).Update);
      const one = await placed(update, itemOf);
      return one === update ? item : { ...record(item), Update: one };
    }),
  );
  return items.some((item, index) => item !== list(input.TransactItems)[index])
    ? { ...input, TransactItems: items }
    : input;
}

async function placed(update: JsonRecord, itemOf: ItemOf): Promise<JsonRecord> {
  const expression = text(update.UpdateExpression) ?? '';
  const actions = actionsOf(expression).filter(({ source }) => PLACE.test(source));
  const item = actions.length > 0 ? await itemOf(update) : undefined;
  if (!item) return update;
  const places = actions.map(({ source, start }) => {
    const [match, path = '', index = ''] = PLACE.exec(source)!;
    const length = lengthAt(item, path, record(update.ExpressionAttributeNames));
    return { start, match, path, index: Number(index), length };
  });
  const beyond = places.filter(({ index, length }) => length !== undefined && index >= length);
  if (beyond.length === 0) return update;
  const moved = beyond.map((place) => {
    const before = beyond.filter(({ path, index }) => path === place.path && index < place.index).length;
    return { ...place, target: place.length! + before };
  });
  const last = [...moved].sort((one, other) => other.start - one.start);
  const UpdateExpression = last.reduce((whole, { start, match, target }) => {
    const [open, close] = [start + match.lastIndexOf('['), start + match.lastIndexOf(']')];
    return `${whole.slice(0, open)}[${target}${whole.slice(close)}`;
  }, expression);
  return { ...update, UpdateExpression };
}

/** The actions of the SET section, with where they begin. */
function actionsOf(expression: string): readonly { readonly source: string; readonly start: number }[] {
  const sections = [...expression.matchAll(/(?<![#:\w.])(SET|REMOVE|ADD|DELETE)(?!\w)/gi)];
  return sections.flatMap(({ 0: keyword, index }, position) => {
    if (keyword.toUpperCase() !== 'SET') return [];
    const end = sections[position + 1]?.index ?? expression.length;
    return separated(expression, index + keyword.length, end);
  });
}

/** The parts of a section between commas that are in no parentheses. */
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

/** How many values the list at a path has; undefined where there is no list. */
function lengthAt(item: JsonRecord, path: string, names: JsonRecord): number | undefined {
  const [first = '', ...rest] = path.match(/[#\w]+|\[\d+\]/g) ?? [];
  const nameOf = (part: string) => text(names[part]) ?? part;
  let value: unknown = item[nameOf(first)];
  for (const part of rest) {
    value = part.startsWith('[')
      ? list(record(value).L)[Number(part.slice(1, -1))]
      : record(record(value).M)[nameOf(part)];
  }
  const { L } = record(value);
  return L === undefined ? undefined : list(L).length;
}
