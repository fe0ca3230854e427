import { graphqlLogs } from '../../../../lib/rules/rules/graphql/graphql-logs';
import { describeFaults, OPEN } from '../faults';
import { graphql } from './templates';

describeFaults(graphqlLogs, graphql, [
  {
    mistake: 'an API that does not log',
    change: { 'Api.LogConfig': undefined },
    message: 'does not log',
    openButFine: { 'Api.LogConfig': OPEN },
  },
]);
