import type { Resource } from '../../../core/model/model';
import { at, inWords, isUnknown, items, together } from '../../../core/model/select';
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
    types: at(api, 'EndpointConfiguration.Types'),
    own: at(api, 'Policy'),
    body: at(api, 'Body'),
    location: at(api, 'BodyS3Location'),
  };
  for (const { values: branch, when } of together(values)) {
    if (isUnknown(branch.types))
      yield { resource: api, property: 'EndpointConfiguration', reason: branch.types.reason };
    if (!isPrivate(branch.types)) continue;
    const { own, body, location } = branch;
    const policy = own ?? at(body, POLICY);
    const unread = location !== undefined ? 'its definition is a file in a bucket' : unknownIn(policy);
    if (policy === undefined && location === undefined) {
      yield {
        resource: api,
        property: 'Policy',
        message: `is private and has no resource policy${inWords(when)}: every call is refused`,
      };
    } else if (unread !== undefined) {
      yield {
        resource: api,
        property: 'Policy',
        reason: `whether it has a resource policy, without which every call is refused, is unknown: ${unread}`,
      };
    }
  }
}

/** Where a definition in OpenAPI holds the policy. */
const POLICY = 'x-amazon-apigateway-policy';

function isPrivate(types: Value | undefined): boolean {
  return items(types).includes('PRIVATE');
}

function unknownIn(policy: Value | undefined): string | undefined {
  return isUnknown(policy) ? policy.reason : undefined;
}
