import { at, items, toText } from '../../../core/model/select';
import { each, type Rule, texts } from '../../rule';

/** A GraphQL API asks who calls. */
export const graphqlAuthorization: Rule = {
  id: 'GraphqlAuthorization',
  severity: 'warning',
  title: 'A GraphQL API asks who calls, by more than a key',
  why: 'An API key ships with every client and tells nobody apart: whoever reads it there can call what it opens.',
  fix: 'set AuthenticationType to AMAZON_COGNITO_USER_POOLS, OPENID_CONNECT, AWS_IAM or AWS_LAMBDA',
  source: 'https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html',
  check: each(['AWS::AppSync::GraphQLApi'], function* (api) {
    const { values, unknown } = texts(api, 'AuthenticationType');
    yield* unknown;
    if (values.some(({ value }) => value === 'API_KEY')) {
      yield { resource: api, property: 'AuthenticationType', message: 'opens every field to whoever has its key' };
    }
    for (const [index, provider] of items(at(api, 'AdditionalAuthenticationProviders')).entries()) {
      if (toText(at(provider, 'AuthenticationType')) !== 'API_KEY') continue;
      const property = `AdditionalAuthenticationProviders.${index}`;
      yield { resource: api, property, message: 'opens fields to whoever has its key', detail: 'additional' };
    }
  }),
};
