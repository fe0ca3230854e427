import { isOpen, SOME_REGION } from './access-names';
import { CompiledConditions } from './conditions';
import { RequestContext } from './context';
import { type Grant, type GrantCondition, inWords, NEEDS } from './grants';

/** A service that uses a key in the name of a caller. */
export interface Via {
  /** As `kms:ViaService` begins with it: `sqs`. */
  readonly service: string;
  /**
   * Where it does.
   * @default - any region: that of the template is not known
   */
  readonly region?: string;
}

/**
 * A grant as it counts for the use of a key through a service: without conditions on `kms:ViaService` that hold then, and
 * undefined where one cannot. One that only the deployment decides is what the grant needs.
 */
export function through(via: Via, grant: Grant): readonly Grant[] {
  const asked = grant.conditions.filter(isViaService);
  if (asked.length === 0) return [grant];
  const outcomes = asked.map((condition) => ({ condition, outcome: outcomeOf(via, condition) }));
  if (outcomes.some(({ outcome }) => outcome === 'no')) return [];
  const open = outcomes.filter(({ outcome }) => outcome === 'open').flatMap(({ condition }) => inWords([condition]));
  // A denial that may hold is no denial for sure, as one under any other condition.
  if (grant.effect === 'Deny' && open.length > 0) return [grant];
  const others = grant.conditions.filter((condition) => !asked.includes(condition));
  return [{ ...grant, conditions: [...others, ...open.map((key) => ({ operator: NEEDS, key, values: [] }))] }];
}

function isViaService({ key }: GrantCondition): boolean {
  return key.toLowerCase() === 'kms:viaservice';
}

function outcomeOf({ service, region = SOME_REGION }: Via, { operator, key, values }: GrantCondition): string {
  const inPlace = values.map((value) => placed(value, region));
  const known = inPlace.filter((value) => !isOpen(value));
  if (/^Null$/i.test(operator)) return known.includes('true') ? 'no' : 'yes';
  const judged = (among: readonly string[]) =>
    new CompiledConditions({ [operator]: { [key]: [...among] } }, true).judge(
      new RequestContext({ 'kms:ViaService': `${service}.${region}.amazonaws.com` }),
    ).truth;
  if (known.length === inPlace.length) return judged(known) === 'yes' ? 'yes' : 'no';
  const negated = operator.includes('Not');
  const decided = known.length > 0 && (judged(known) === 'yes') !== negated;
  return decided ? (negated ? 'no' : 'yes') : 'open';
}

/** A value with the region of the use where only the deployment tells it, or where nothing tells that of the use. */
function placed(value: string, region: string): string {
  const [service = '', given, ...rest] = value.replace(/<[^<>]*>/g, (open) => open.replaceAll('.', '_')).split('.');
  if (given === undefined || isOpen(service)) return value;
  const open = isOpen(given) || given === SOME_REGION || (region === SOME_REGION && /^[a-z0-9-]+$/.test(given));
  return [
    service,
    open ? region : given,
    ...(rest.some(isOpen) ? ['amazonaws', 'com'] : rest.filter((part) => part !== 'cn')),
  ].join('.');
}
