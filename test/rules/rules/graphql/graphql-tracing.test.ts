import { graphqlTracing } from '../../../../lib/rules/rules/graphql/graphql-tracing';
import { describeFaults, OPEN } from '../faults';
import { graphql } from './templates';

describeFaults(graphqlTracing, graphql, [
  {
    mistake: 'an API that is not traced',
    change: { 'Api.XrayEnabled': undefined },
    message: 'is not traced',
    open: { 'Api.XrayEnabled': OPEN },
  },
]);
