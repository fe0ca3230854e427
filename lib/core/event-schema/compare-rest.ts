import { isRecord } from '../record';
import { type Comparison, isSame, reach, SAYS_NOTHING, type Side } from './comparison';

/** What alternatives have less than before: `anyOf` and `oneOf`. */
export function alternativesChanges(
  found: Comparison,
  old: Side,
  now: Side,
  at: string,
  compare: (old: Side, now: Side, at: string) => void,
): void {
  for (const keyword of ['anyOf', 'oneOf']) {
    if (!(keyword in old.schema) && !(keyword in now.schema)) continue;
    const [was, is] = [waysOf(old, keyword), waysOf(now, keyword)];
    const gone = was.filter((one) => !is.some((other) => sameSchema(one, other)));
    const added = is.filter((one) => !was.some((other) => sameSchema(other, one)));
    if (gone.length === 0 && added.length === 0) continue;
    if (was.length === 0 || is.length === 0) {
      const verb = was.length === 0 ? 'chooses' : 'no longer chooses';
      found.unknown.push(`${at} ${verb} by '${keyword}', whose effect cannot be judged`);
    } else if (added.length === 0) found.breaking.push(`${at} has fewer ways to be by '${keyword}' than before`);
    else if (gone.length === 0)
      found.unknown.push(`${at} has a further way to be by '${keyword}', which readers do not know`);
    else if (gone.length === 1 && added.length === 1) compare(gone[0]!, added[0]!, `${at}|${was.indexOf(gone[0]!)}`);
    else found.unknown.push(`${at} has other alternatives in '${keyword}', which cannot be matched up`);
  }
}

function waysOf({ root, schema }: Side, keyword: string): readonly Side[] {
  const ways = schema[keyword];
  return Array.isArray(ways) ? ways.map((one: unknown) => ({ root, schema: isRecord(one) ? one : { not: {} } })) : [];
}

/** Whether a keyword means the same in two schemas, through references. */
export function equalKeyword(old: Side, now: Side, keyword: string): boolean {
  return sameValue(old, now, keyword, old.schema[keyword], now.schema[keyword], []);
}

/** Whether two schemas say the same of data, word by word, through references. */
export function sameSchema(old: Side, now: Side, seen: readonly string[] = []): boolean {
  const pair = `${refOf(old)} ${refOf(now)}`;
  if (pair !== ' ' && seen.includes(pair)) return true;
  const [was, is] = [reach(old), reach(now)];
  if (was === undefined || is === undefined) return false;
  return [...new Set([...Object.keys(was.schema), ...Object.keys(is.schema)])]
    .filter((keyword) => !SAYS_NOTHING.has(keyword))
    .every((keyword) => sameValue(was, is, keyword, was.schema[keyword], is.schema[keyword], [...seen, pair]));
}

function refOf({ schema }: Side): string {
  return typeof schema.$ref === 'string' ? schema.$ref : '';
}

/** Keywords that contain schemas by user-chosen names. */
const MAPS = ['properties', 'patternProperties', 'dependentSchemas', 'dependencies'];
/** Keywords that contain data values. */
const VALUES = ['enum', 'const', 'required', 'type', 'dependentRequired'];

function sameValue(old: Side, now: Side, keyword: string, was: unknown, is: unknown, seen: readonly string[]): boolean {
  const inner = (one: unknown, other: unknown): boolean =>
    isRecord(one) && isRecord(other)
      ? sameSchema({ root: old.root, schema: one }, { root: now.root, schema: other }, seen)
      : isSame(one, other);
  if (VALUES.includes(keyword)) return isSame(unordered(was), unordered(is));
  if (MAPS.includes(keyword) && isRecord(was) && isRecord(is)) {
    const names = Object.keys(was);
    return names.length === Object.keys(is).length && names.every((name) => name in is && inner(was[name], is[name]));
  }
  if (Array.isArray(was) && Array.isArray(is))
    return was.length === is.length && was.every((one, index) => inner(one, is[index]));
  return inner(was, is);
}

/** Lists whose order has no meaning: values, names, types. */
function unordered(value: unknown): unknown {
  return Array.isArray(value) ? value.map((one) => JSON.stringify(one)).sort() : value;
}
