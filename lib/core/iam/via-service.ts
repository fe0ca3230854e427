import { isOpen, SOME_REGION } from './access-names';
import { CompiledConditions } from './conditions';
import { RequestContext } from './context';
import { type Grant, type GrantCondition, inWords, NEEDS } from './grants';

/** A service that uses a key on behalf of a caller. */
export interface Via {
  /** The first part of `kms:ViaService`: `sqs`. */
  readonly service: string;
  /**
   * The region of the use.
   * @default - any region: the template's is not known
   */
  readonly region?: string;
  /**
   * The service's encryption context: ARNs by name.
   * @default - unknown: conditions on it stay
   */
  readonly encryptionContext?: Readonly<Record<string, string>>;
}

/**
 * A grant as it applies to the use of a key through a service: without the conditions on `kms:ViaService` and the
 * encryption context that then hold; undefined if one cannot hold. Conditions that only the deployment decides remain.
 * @param mayBeSame whether an ARN may match a pattern at deployment
 */
export function through(
  via: Via,
  grant: Grant,
  mayBeSame: (pattern: string, arn: string) => boolean = () => false,
): readonly Grant[] {
  const outcomes = grant.conditions.flatMap((condition) => {
    if (isViaService(condition)) return [{ condition, outcome: outcomeOf(via, condition) }];
    const given = givenFor(via, condition);
    return given === undefined ? [] : [{ condition, outcome: contextOutcome(given, condition, mayBeSame) }];
  });
  if (outcomes.length === 0) return [grant];
  const conditions = outcomes.map(({ condition }) => condition);
  if (outcomes.some(({ outcome }) => outcome === 'no')) return [];
  const open = outcomes.filter(({ outcome }) => outcome === 'open').flatMap(({ condition }) => inWords([condition]));
  // A denial that may hold is not certain, as with any other condition.
  if (grant.effect === 'Deny' && open.length > 0) return [grant];
  const others = grant.conditions.filter((condition) => !conditions.includes(condition));
  return [{ ...grant, conditions: [...others, ...open.map((key) => ({ operator: NEEDS, key, values: [] }))] }];
}

function isViaService({ key }: GrantCondition): boolean {
  return key.toLowerCase() === 'kms:viaservice';
}

const CONTEXT = 'kms:encryptioncontext:';

/** The service's value for the encryption context key in a condition. */
function givenFor({ encryptionContext = {} }: Via, { key }: GrantCondition): string | undefined {
  const lowerKey = key.toLowerCase();
  return Object.entries(encryptionContext).find(([name]) => lowerKey === CONTEXT + name.toLowerCase())?.[1];
}

function contextOutcome(
  given: string,
  { operator, key, values }: GrantCondition,
  mayBeSame: (pattern: string, arn: string) => boolean,
): string {
  const holds = new CompiledConditions({ [operator]: { [key]: [...values] } }, true).judge(
    new RequestContext({ [key]: given }),
  ).truth;
  const literal = /StringEquals/.test(operator);
  const open = values.some((value) => mayBeSame(literal ? value.replace(/[*?]/g, '\u0000') : value, given));
  if (operator.includes('Not')) return holds === 'no' ? 'no' : open ? 'open' : 'yes';
  return holds === 'yes' ? 'yes' : open ? 'open' : 'no';
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
