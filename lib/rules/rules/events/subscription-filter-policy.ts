import { jsonText } from '../../../core/model/functions';
import { at, eachBranch, toText } from '../../../core/model/select';
import { type FilterScope, readFilterPolicy } from '../../../core/sns/filter-policy';
import { each, type Rule, undecided } from '../../rule';

/** SNS takes the filter policy of a subscription. */
export const subscriptionFilterPolicy: Rule = {
  id: 'SubscriptionFilterPolicy',
  severity: 'error',
  title: 'A filter policy of a subscription is one that SNS accepts',
  why: 'SNS rejects it at deployment: five keys and 150 combinations at most, lists that are not empty, its own operators, and fields within fields for the body alone.',
  fix: "correct the policy; for fields within fields set FilterPolicyScope to 'MessageBody'",
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
      // Whatever its scope is: what both refuse is refused.
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
