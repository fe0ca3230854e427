import { jsonText } from '../../../core/model/functions';
import { at, eachBranch, toText } from '../../../core/model/select';
import { type FilterScope, readFilterPolicy } from '../../../core/sns/filter-policy';
import { each, type Rule, undecided } from '../../rule';

export const subscriptionFilterPolicy: Rule = {
  id: 'SubscriptionFilterPolicy',
  severity: 'error',
  title: 'SNS accepts the filter policy of a subscription',
  why: 'SNS rejects the deployment otherwise. It allows at most five keys and 150 combinations, no empty lists, only its own operators, and nested fields only in the body.',
  fix: "correct the policy; for nested fields set FilterPolicyScope to 'MessageBody'",
  source: 'https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html',
  check: each(['AWS::SNS::Subscription'], function* (subscription) {
    const policies = eachBranch(at(subscription, 'FilterPolicy'));
    for (const { value } of policies) {
      if (value === undefined) continue;
      const source = toText(value) ?? toText(jsonText(value));
      const scopeValue = at(subscription, 'FilterPolicyScope');
      const scope = scopeValue === undefined ? 'MessageAttributes' : toText(scopeValue);
      if (source === undefined) {
        yield undecided(subscription, 'FilterPolicy', value);
        continue;
      }
      // With an unknown scope, only what both scopes refuse is refused.
      const scopes = SCOPES.filter((one) => scope === undefined || scope === one);
      const faults = scopes.map((one) => readFilterPolicy(source, one)).filter((read) => typeof read === 'string');
      if (scopes.length > 0 && faults.length === scopes.length) {
        const message = `has a filter policy that SNS refuses: ${faults[0]!.replace(/^FilterPolicy: /, '')}`;
        yield { resource: subscription, property: 'FilterPolicy', message };
      } else if (faults.length > 0) yield undecided(subscription, 'FilterPolicyScope', scopeValue!);
    }
  }),
};

const SCOPES: readonly FilterScope[] = ['MessageAttributes', 'MessageBody'];
