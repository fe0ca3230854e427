import { at, eachBranch, inWords, isMap } from '../../../core/model/select';
import { Unknown } from '../../../core/model/values';
import { patternFaults } from '../../../core/event-pattern/pattern-faults';
import { each, type Rule } from '../../rule';

export const eventPatternSyntax: Rule = {
  id: 'EventPatternSyntax',
  severity: 'error',
  title: 'EventBridge accepts the event pattern',
  why: 'EventBridge rejects the deployment otherwise, and no schema check catches it first.',
  fix: 'write each field as a list of values or of one-operator objects such as { "prefix": "order." }',
  source: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html',
  check: each(['AWS::Events::Rule', 'AWS::Events::Archive'], function* (resource) {
    for (const { value, when } of eachBranch(at(resource, 'EventPattern'))) {
      if (value === undefined) continue;
      if (!isMap(value)) {
        const reason = value instanceof Unknown ? value.reason : 'its pattern is a text';
        yield { resource, property: 'EventPattern', reason };
        continue;
      }
      for (const { place, fault } of patternFaults(value)) {
        const property = place === '' ? 'EventPattern' : `EventPattern.${place}`;
        if (fault === undefined) yield { resource, property, reason: 'it is known only at deployment' };
        else yield { resource, property, message: `has a pattern that ${fault}${inWords(when)}`, detail: place };
      }
    }
  }),
};
