import { graphqlAuthorization } from '../../../../lib/rules/rules/graphql/graphql-authorization';
import { describeFaults, OPEN } from '../faults';
import { graphql } from './templates';

describeFaults(graphqlAuthorization, graphql, [
  {
    mistake: 'an API that its key opens',
    change: { 'Api.AuthenticationType': 'API_KEY' },
    message: 'opens every field to anyone with its API key',
    open: { 'Api.AuthenticationType': OPEN },
  },
  {
    mistake: 'a key beside a better way in',
    change: { 'Api.AdditionalAuthenticationProviders': [{ AuthenticationType: 'API_KEY' }] },
    message: 'opens fields to anyone with its API key',
    open: { 'Api.AdditionalAuthenticationProviders': [{ AuthenticationType: OPEN }] },
  },
  {
    mistake: 'an API of events that a key opens to those who read',
    change: {
      Events: {
        Type: 'AWS::AppSync::Api',
        Properties: {
          EventConfig: {
            ConnectionAuthModes: [{ AuthType: 'AWS_IAM' }],
            DefaultSubscribeAuthModes: [{ AuthType: 'API_KEY' }],
          },
        },
      },
    },
    message: 'lets anyone with its API key read events',
  },
]);
