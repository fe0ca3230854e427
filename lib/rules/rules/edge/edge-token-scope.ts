import { at, isMap, isUnknown, items, toText } from '../../../core/model/select';
import type { Value } from '../../../core/model/values';
import { EDGE } from '../../lookups/edge-types';
import { each, type Rule, undecided } from '../../rule';

export const edgeTokenScope: Rule = {
  id: 'EdgeTokenScope',
  severity: 'warning',
  title: 'A token is for named accounts and zones',
  why: 'A token for every account or zone grants its permissions on all of them, including ones created later.',
  fix: "name the resource in the policy's resources: com.cloudflare.api.account.<id>, com.cloudflare.api.account.zone.<id>",
  source: 'https://developers.cloudflare.com/fundamentals/api/how-to/create-via-api/',
  check: each(EDGE.token, function* (token) {
    const policies = at(token, 'policies');
    if (isUnknown(policies)) yield undecided(token, 'policies', policies);
    for (const [index, policy] of items(policies).entries()) {
      const property = `policies.${index}.resources`;
      const resources = at(policy, 'resources');
      if (isUnknown(resources)) yield undecided(token, property, resources);
      if (toText(at(policy, 'effect')) === 'deny') continue;
      for (const name of namesIn(resources)) {
        if (!name.endsWith('.*')) continue;
        const what = name.includes('zone') ? 'zone' : name.includes('user') ? 'user' : 'account';
        yield { resource: token, property, message: `is for every ${what}`, detail: name };
      }
    }
  }),
};

/** Resource names; an account token has them as a JSON string. */
function namesIn(resources: Value | undefined): readonly string[] {
  if (isMap(resources)) return Object.keys(resources);
  try {
    const data: unknown = JSON.parse(toText(resources) ?? '{}');
    return typeof data === 'object' && data !== null ? Object.keys(data) : [];
  } catch {
    return [];
  }
}
