import { AwsError } from './aws-errors';
import { isRecord, type JsonObject, asList, number, text } from './json';

/** Minimum and maximum: the length of a text or list, or the value of a number. */
export type Bounds = readonly [min: number, max: number];

/**
 * What members of requests may be, as the model of a service has it, by operation and member:
 * `Target.RetryPolicy.MaximumRetryAttempts`; `Labels[]` is each of a list. Values that the model has under their names
 * only are refused by the service itself.
 */
export type Constraints = Readonly<Record<string, Readonly<Record<string, Bounds>>>>;

/**
 * Refuses a request whose members violate the model: all violations at once, as AWS does.
 * @throws AwsError
 */
export function checkConstraints(constraints: Constraints, operation: string, input: JsonObject): void {
  const bounds = Object.hasOwn(constraints, operation) ? Object.entries(constraints[operation]!) : [];
  const wrong = bounds.flatMap(([path, bound]) =>
    valuesAt(input, path.split('.'), []).flatMap(({ value, place }) => {
      const rule = broken(value, bound);
      return rule === undefined ? [] : [`Value ${shown(value)}at '${place}' failed to satisfy constraint: ${rule}`];
    }),
  );
  if (wrong.length === 0) return;
  const counted = wrong.length === 1 ? '1 validation error' : `${wrong.length} validation errors`;
  throw new AwsError('ValidationException', `${counted} detected: ${wrong.join('; ')}`);
}

interface Member {
  readonly value: unknown;
  /** `target.retryPolicy.maximumRetryAttempts`. */
  readonly place: string;
}

function valuesAt(value: unknown, [name, ...rest]: readonly string[], place: readonly string[]): readonly Member[] {
  if (value === undefined || value === null) return [];
  if (name === undefined) return [{ value, place: place.join('.') }];
  const plain = name.replace('[]', '');
  const own = isRecord(value) && Object.hasOwn(value, plain) ? value[plain] : undefined;
  const there = [...place, plain[0]!.toLowerCase() + plain.slice(1)];
  if (!name.endsWith('[]')) return valuesAt(own, rest, there);
  return asList(own).flatMap((one, index) => valuesAt(one, rest, [...there, `${index + 1}.member`]));
}

function broken(value: unknown, [min, max]: Bounds): string | undefined {
  const length = Array.isArray(value) ? value.length : typeof value === 'string' ? [...value].length : undefined;
  const size = length ?? number(value);
  if (size === undefined || (size >= min && size <= max)) return undefined;
  const what = length === undefined ? 'value' : 'length';
  return `Member must have ${what} ${size < min ? `greater than or equal to ${min}` : `less than or equal to ${max}`}`;
}

/** Long values are not helpful, and secrets must not be shown. */
function shown(value: unknown): string {
  const said = Array.isArray(value) ? `[${value.map((one) => text(one) ?? '').join(', ')}]` : (text(value) ?? '');
  return said.length > 256 ? '' : `'${said}' `;
}
