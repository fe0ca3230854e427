import type { Check } from '../check/check';
import { either, filled, flag, known, list, whole } from '../check/kinds';
import type { Shape } from '../check/shape';
import { isRecord } from '../record';
import { DETAIL } from './detail-pattern';
import { envelopeChecks } from './envelope-checks';

/** Which events of a hub somebody gets. */
export interface Choice {
  /** Whose: one source or several, exact. */
  readonly source?: string | readonly string[];
  /** Their types, exact. */
  readonly types?: readonly string[];
  /** What must be in the envelope besides. */
  readonly detail?: Readonly<Record<string, unknown>>;
  /** Of how many events that led to one another the last may be. */
  readonly maxHops?: number;
  /** Every event. */
  readonly everything?: boolean;
}

const NAME = known(filled('shop.orders'));

/** More are a mistake. */
const MOST_HOPS = 100;

/** What a choice may hold. */
export const CHOICE: Shape<Choice> = {
  source: either(
    'must be a name or a list of names',
    () => "write it as 'shop.orders'",
    NAME,
    list(NAME, "['shop.orders']"),
  ),
  types: list(known(filled('OrderPlaced')), "['OrderPlaced']"),
  detail: DETAIL,
  maxHops: whole({ min: 0, max: MOST_HOPS }),
  everything: flag,
};

/** What a choice may not hold together. */
export function choiceChecks({ source, types, detail, maxHops, everything }: Choice): Check[] {
  const sources = source === undefined ? undefined : [source].flat();
  const chooses = sources !== undefined || types !== undefined || (detail !== undefined && !isOpen(detail));
  return [
    ...[
      ['source', sources],
      ['types', types],
    ].map(([prop, value]): Check => ({
      prop: String(prop),
      value,
      valid: () => value === undefined || value.length > 0,
      rule: 'must name at least one',
      remedy: 'name one, or leave it out',
    })),
    ...(types ?? []).map((type, index): Check => ({
      prop: `types.${index}`,
      value: type,
      valid: () => !type.includes('*'),
      rule: 'must be an exact name: a wildcard matches no event',
      remedy: "name each type, or leave 'types' out for all of a 'source'",
    })),
    ...envelopeChecks({ source, types, detail }),
    {
      prop: 'types',
      value: types,
      valid: () => chooses || everything === true,
      rule: "must be given, or 'source' or 'detail', or the subscription gets every event of the bus, including ones added later",
      remedy: "name the types it handles: ['OrderPlaced']; or set everything: true",
    },
    {
      prop: 'everything',
      value: everything,
      valid: () => everything !== true || !chooses,
      rule: "must not be true with 'source', 'types' or 'detail', which select events",
      remedy: 'remove one of them',
    },
    {
      prop: 'maxHops',
      value: maxHops,
      valid: () => maxHops === undefined || detail === undefined || !('hops' in detail),
      rule: "must not be given with 'detail.hops', which already limits them",
      remedy: 'remove one of them',
    },
  ];
}

/** Attributes that each event has which `publisher()` makes. */
const ALWAYS = ['specversion', 'id', 'source', 'type', 'time', 'datacontenttype'];

/** Whether every event matches: one that asks nothing, or only that there is what there always is. */
function isOpen(detail: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(detail).every(([name, tests]) => {
    if (name === '$or') return Array.isArray(tests) && tests.some((one) => isRecord(one) && isOpen(one));
    return ALWAYS.includes(name) && Array.isArray(tests) && tests.some(isAnything);
  });
}

function isAnything(test: unknown): boolean {
  if (!isRecord(test)) return false;
  return test.exists === true || test.prefix === '' || test.suffix === '' || test.wildcard === '*';
}

/** What a choice asks of the envelope: an event that has no cause has no hops either. */
export function detailOf({ detail, maxHops }: Choice): Readonly<Record<string, unknown>> | undefined {
  if (maxHops === undefined) return detail;
  return { ...detail, hops: [{ exists: false }, { numeric: ['<=', maxHops] }] };
}
