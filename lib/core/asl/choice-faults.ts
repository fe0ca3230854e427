import { isList, isMap } from '../model/select';
import type { Body, State } from './definition';
import type { Fault } from './field-faults';

/**
 * Rules of a Choice that Step Functions refuses: of the other language, without a next state, or with more than one test.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html
 */
export function choiceFaults({ type, body, language }: State, fault: Fault): readonly ReturnType<Fault>[] {
  const choices = type === 'Choice' && isList(body.Choices) ? body.Choices : [];
  return choices.flatMap((rule, index) => {
    if (!isMap(rule)) return [];
    const condition = rule.Condition !== undefined;
    const next = rule.Next === undefined ? [fault('These fields are required: [Next]', 'Choices', index)] : [];
    if (language === 'JSONata') {
      return condition ? next : [...next, fault('These fields are required: [Condition]', 'Choices', index)];
    }
    const other = "The field 'Condition' is not supported where the query language is JSONPath";
    return [
      ...next,
      ...(condition ? [fault(other, 'Choices', index)] : conditionFaults(rule, fault, true, 'Choices', index)),
    ];
  });
}

/** Of which a rule has one. */
const SELECTORS = ['And', 'Or', 'Not', 'Variable', 'Condition'];
const COMPARISON =
  /^(String|Numeric|Boolean|Timestamp)(Equals|LessThan|GreaterThan|LessThanEquals|GreaterThanEquals)(Path)?$/;
const TESTS = ['StringMatches', 'IsNull', 'IsPresent', 'IsNumeric', 'IsString', 'IsBoolean', 'IsTimestamp'];

function conditionFaults(
  rule: Body,
  fault: Fault,
  top: boolean,
  ...place: readonly (string | number)[]
): readonly ReturnType<Fault>[] {
  const selectors = SELECTORS.filter((name) => rule[name] !== undefined);
  const comparisons = Object.keys(rule).filter((name) => COMPARISON.test(name) || TESTS.includes(name));
  const below = ['And', 'Or', 'Not'].flatMap((name) => {
    const inner = rule[name];
    if (isMap(inner)) return conditionFaults(inner, fault, false, ...place, name);
    return (isList(inner) ? inner : [])
      .map((one, index) => (isMap(one) ? conditionFaults(one, fault, false, ...place, name, index) : []))
      .flat();
  });
  return [
    ...(!top && rule.Next !== undefined ? [fault("Field 'Next' is not supported", ...place, 'Next')] : []),
    ...(selectors.length === 1
      ? []
      : [fault(`The object must have only one of the following fields, [${SELECTORS.join(', ')}]`, ...place)]),
    ...(rule.Variable !== undefined && comparisons.length !== 1
      ? [fault(`There should only be one comparison, got ${comparisons.join(', ') || 'none'}`, ...place)]
      : []),
    ...below,
  ];
}
