import type { Check } from '../check/check';
import { isRecord } from '../record';
import type { Choice } from './choice';
import { mayMatchOneOf } from './values-that-match';

/** That what `detail` asks of the envelope may be in an event of these sources and types: the envelope has them, too. */
export function envelopeChecks({ source, types, detail }: Choice): Check[] {
  if (!isRecord(detail)) return [];
  const given: readonly (readonly [string, readonly string[] | undefined, string])[] = [
    ['source', source === undefined ? undefined : [source].flat(), "'source' of the subscription"],
    ['type', Array.isArray(types) ? types : undefined, "'types' of the subscription"],
  ];
  return given.flatMap(([name, values, whose]): Check[] => {
    const filter = detail[name];
    if (values === undefined || values.length === 0 || !Array.isArray(filter)) return [];
    return [
      {
        prop: `detail.${name}`,
        value: filter,
        valid: () => mayMatchOneOf(filter, values),
        rule: `must be able to match: ${whose} allows only ${values.map((value) => `'${value}'`).join(' or ')}`,
        remedy: 'correct one of the two, or leave it out',
      },
    ];
  });
}
