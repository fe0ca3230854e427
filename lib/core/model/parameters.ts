import { DECIDED } from './decided';
import { toText } from './select';
import { literalText } from './text';
import { Choice, Secret, Unknown, type Value } from './values';

/** Maximum values of a parameter to judge one by one. */
export const MAX_VALUES = 64;

/** What a parameter's value is used for. */
export interface ParameterUse {
  /** Whether its default applies: it does for a property, but not for a condition. */
  readonly defaults: boolean;
  /** The name of the comparison with an allowed value. */
  readonly nameOfComparison: (value: string) => string;
}

/**
 * The value of a parameter, as far as the template shows.
 *
 * - `NoEcho`: a Secret, whatever its default.
 * - decided for a deployment: that value, in conditions too.
 * - with `AllowedValues`: a Choice between them, the default first, so that each is judged.
 * - with a default: the default. Whoever deploys may override it, but it is what the template says without them, and a
 *   template whose defaults break a rule is broken.
 * - otherwise, and for a value that is looked up (`AWS::SSM::Parameter::Value<...>`): Unknown.
 */
export function parameterValue(name: string, declaration: unknown, use: ParameterUse): Value {
  const declared = typeof declaration === 'object' && declaration !== null ? declaration : {};
  const { Type, Default, AllowedValues, NoEcho, [DECIDED]: isDecided } = declared as Readonly<Record<string, unknown>>;
  const type = typeof Type === 'string' ? Type : 'String';
  const isSecret = NoEcho === true || NoEcho === 'true';
  if (isSecret && (use.defaults || isDecided !== true)) return new Secret(`parameter '${name}'`);
  if (type.startsWith('AWS::SSM::Parameter::Value')) {
    const reason = `parameter '${name}' is looked up in Parameter Store at deployment`;
    return new Unknown(reason, name, undefined, toText(Default));
  }
  const isList = type.startsWith('List<') || type === 'CommaDelimitedList';
  const fallback = toText(Default);
  if (isDecided === true && fallback !== undefined) return isList ? listed(fallback) : literalText(fallback);
  const allowed = Array.isArray(AllowedValues) ? AllowedValues.map(toText).filter((value) => value !== undefined) : [];
  const first = use.defaults ? fallback : undefined;
  const candidates = [...new Set([...(first === undefined ? [] : [first]), ...allowed])];
  if (!isList && (allowed.length === 1 || (use.defaults && candidates.length <= MAX_VALUES))) {
    const [last, ...others] = candidates.reverse();
    if (last !== undefined) {
      return others.reduce<Value>(
        (otherwise, value) => new Choice(use.nameOfComparison(value), literalText(value), otherwise),
        literalText(last),
      );
    }
  }
  if (first === undefined) {
    const reason = use.defaults ? 'has no default' : 'is chosen at deployment';
    return new Unknown(`parameter '${name}' ${reason}`, name);
  }
  return isList ? listed(first) : literalText(first);
}

function listed(items: string): Value {
  return items.split(',').map((item) => literalText(item.trim()));
}
