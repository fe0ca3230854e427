import type { Resource } from '../../../core/model/model';
import { at, eachBranch, inWords, isMap, isUnknown, items, together } from '../../../core/model/select';
import type { Value } from '../../../core/model/values';
import { each, type Judgement, type Rule } from '../../rule';

export const privateApiPolicy: Rule = {
  id: 'PrivateApiPolicy',
  severity: 'error',
  title: 'A private REST API has a resource policy',
  why: 'API Gateway answers every call to a private API without one with 403.',
  fix: "add a policy that allows 'execute-api:Invoke' on a condition such as aws:SourceVpce, and deploy the API again",
  source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-create.html',
  check: each(['AWS::ApiGateway::RestApi'], judge),
};

function* judge(api: Resource): Iterable<Judgement> {
  const values = {
    types: at(api, 'EndpointConfiguration.Types') ?? at(api, 'Parameters.endpointConfigurationTypes'),
    own: at(api, 'Policy'),
    body: at(api, 'Body'),
    location: at(api, 'BodyS3Location'),
  };
  for (const { values: branch, when } of together(values)) {
    const types = items(branch.types);
    const open = types.find(isUnknown);
    const isPrivate = types.includes('PRIVATE');
    const lack = isPrivate || open ? lackOf(branch.own ?? at(branch.body, POLICY), branch.location) : undefined;
    if (lack === undefined) continue;
    if (!isPrivate) yield { resource: api, property: 'EndpointConfiguration', reason: open!.reason };
    else if ('what' in lack) {
      const message = `is private and ${lack.what}${inWords(when)}: every call is refused`;
      yield { resource: api, property: 'Policy', message };
    } else {
      const reason = `whether it has a resource policy, without which every call is refused, is unknown: ${lack.unread}`;
      yield { resource: api, property: 'Policy', reason };
    }
  }
}

/** The key of the policy in an OpenAPI definition. */
const POLICY = 'x-amazon-apigateway-policy';

/** What is wrong with the policy, or why that is unknown; undefined for one that admits someone. */
function lackOf(
  policy: Value | undefined,
  location: Value | undefined,
): { readonly what: string } | { readonly unread: string } | undefined {
  if (policy === undefined) {
    return location === undefined
      ? { what: 'has no resource policy' }
      : { unread: 'its definition is a file in a bucket' };
  }
  const statements = items(at(policy, 'Statement'));
  const effects = statements.map((statement) => at(statement, 'Effect'));
  if (effects.some((effect) => eachBranch(effect).some(({ value }) => value === 'Allow'))) return undefined;
  const open = [policy, ...statements, ...effects].find(isUnknown);
  if (open) return { unread: open.reason };
  // The policy may be a JSON string.
  return isMap(policy) ? { what: 'its resource policy allows nobody' } : undefined;
}
