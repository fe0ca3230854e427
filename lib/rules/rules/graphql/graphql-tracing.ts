import { eachProperty } from '../../each-property';
import { booleans, type Rule } from '../../rule';

export const graphqlTracing: Rule = {
  id: 'GraphqlTracing',
  severity: 'warning',
  title: 'A GraphQL API is traced',
  why: 'One request calls many resolvers: without a trace you cannot see which of them was slow.',
  fix: 'set XrayEnabled to true',
  source: 'https://docs.aws.amazon.com/appsync/latest/devguide/x-ray-tracing.html',
  check: eachProperty(
    ['AWS::AppSync::GraphQLApi'],
    'XrayEnabled',
    (api, property) => booleans(api, property, false),
    (traced) => (traced ? undefined : 'is not traced'),
  ),
};
