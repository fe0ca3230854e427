import { eachAbsence } from '../../each-property';
import type { Rule } from '../../rule';

export const graphqlLogs: Rule = {
  id: 'GraphqlLogs',
  severity: 'warning',
  title: 'A GraphQL API logs',
  why: 'A resolver that fails answers 200 with an error inside: without a log nobody notices.',
  fix: 'set LogConfig with FieldLogLevel ERROR and a role that may write the log',
  source: 'https://docs.aws.amazon.com/appsync/latest/devguide/monitoring.html',
  check: eachAbsence(['AWS::AppSync::GraphQLApi'], 'LogConfig', 'does not log'),
};
