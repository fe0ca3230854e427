import { isDeepStrictEqual } from 'node:util';
import { at, describe, eachBranch, inWords, isList, isUnknown, together, toText } from '../../../core/model/select';
import type { Value } from '../../../core/model/values';
import { each, type Rule, undecided } from '../../rule';

export const ruleTargetId: Rule = {
  id: 'RuleTargetId',
  severity: 'error',
  title: 'The targets of a rule have different ids',
  why: 'EventBridge knows a target by its id: the second takes the place of the first, which gets no events.',
  fix: 'give each target an Id of its own',
  source: 'https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_Target.html',
  check: each(['AWS::Events::Rule'], function* (rule) {
    const seen = new Set<string>();
    for (const [one, other] of pairsOf(at(rule, 'Targets'))) {
      for (const { values, when } of together({ one: at(one, 'Id'), other: at(other, 'Id') })) {
        if (values.one === undefined || values.other === undefined) continue;
        const open = [values.one, values.other].find(isUnknown);
        const same = isDeepStrictEqual(idOf(values.one), idOf(values.other));
        const id = toText(values.one) ?? describe(values.one);
        const key = same ? `${id}${inWords(when)}` : '';
        if ((!same && !open) || seen.has(key)) continue;
        seen.add(key);
        if (same)
          yield { resource: rule, property: 'Targets', message: `has two targets with the id ${key}`, detail: id };
        else yield undecided(rule, 'Targets', open!);
      }
    }
  }),
};

/** To compare: a number and the same as text are one id. */
const idOf = (value: Value): Value => toText(value) ?? value;

/** Every two targets of one branch of a list. */
function pairsOf(targets: Value | undefined): (readonly [Value, Value])[] {
  return eachBranch(targets).flatMap(({ value }) =>
    isList(value) ? value.flatMap((one, index) => value.slice(index + 1).map((other) => [one, other] as const)) : [],
  );
}
