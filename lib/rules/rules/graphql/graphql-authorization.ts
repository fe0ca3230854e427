import { at, items, toText } from '../../../core/model/select';
import { each, type Rule, texts, undecided } from '../../rule';

/** The place of additional authorization modes, and what an API key among them opens. */
const OTHERS = [
  ['AdditionalAuthenticationProviders', 'AuthenticationType', 'opens fields to anyone with its API key'],
  ['EventConfig.ConnectionAuthModes', 'AuthType', 'lets anyone with its API key connect'],
  ['EventConfig.DefaultPublishAuthModes', 'AuthType', 'lets anyone with its API key publish events'],
  ['EventConfig.DefaultSubscribeAuthModes', 'AuthType', 'lets anyone with its API key read events'],
] as const;

export const graphqlAuthorization: Rule = {
  id: 'GraphqlAuthorization',
  severity: 'warning',
  title: 'An AppSync API uses more than an API key for authorization',
  why: 'An API key ships with every client and identifies nobody: anyone who finds it can call what it allows.',
  fix: 'set AuthenticationType to AMAZON_COGNITO_USER_POOLS, OPENID_CONNECT, AWS_IAM or AWS_LAMBDA',
  source: 'https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html',
  check: each(['AWS::AppSync::GraphQLApi', 'AWS::AppSync::Api'], function* (api) {
    const { values, unknown } = texts(api, 'AuthenticationType');
    yield* unknown;
    if (values.some(({ value }) => value === 'API_KEY')) {
      yield { resource: api, property: 'AuthenticationType', message: 'opens every field to anyone with its API key' };
    }
    for (const [list, member, message] of OTHERS) {
      for (const [index, provider] of items(at(api, list)).entries()) {
        const property = `${list}.${index}`;
        const type = at(provider, member);
        if (type !== undefined && toText(type) === undefined) yield undecided(api, property, type);
        if (toText(type) === 'API_KEY') yield { resource: api, property, message, detail: list };
      }
    }
  }),
};
