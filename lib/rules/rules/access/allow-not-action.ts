import { identityStatements } from '../../lookups/identity-statements';
import { resourceStatements } from '../../lookups/resource-policies';
import { type Rule } from '../../rule';

/** A policy says what it allows, not what it does not. */
export const allowNotAction: Rule = {
  id: 'AllowNotAction',
  severity: 'warning',
  title: 'A policy that allows names what it allows',
  why: 'NotAction and NotResource allow all else, every service and resource that is yet to come included.',
  fix: 'list the actions and resources, or use NotAction with Deny',
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html',
  *check({ model }) {
    for (const { effect, notActions, notResources, holder, property } of [
      ...identityStatements(model),
      ...resourceStatements(model),
    ]) {
      if (effect !== 'Allow' || (!notActions && !notResources)) continue;
      const element = notActions ? 'NotAction' : 'NotResource';
      yield { resource: holder, property: `${property}.${element}`, message: `allows by ${element}`, detail: property };
    }
  },
};
