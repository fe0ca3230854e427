import { integrationTimeout } from '../../../../lib/rules/rules/apis/integration-timeout';
import { describeAccepted, describeFaults, OPEN } from '../faults';
import { httpApi, restApi } from './templates';

describeFaults(integrationTimeout, httpApi, [
  {
    mistake: 'an integration that asks for more than an HTTP API waits',
    change: { 'Integration.TimeoutInMillis': 45_000 },
    message: 'has a timeout of 45000 milliseconds, outside 50 to 30000',
    open: { 'Integration.TimeoutInMillis': OPEN },
  },
  {
    mistake: 'an integration without a route',
    change: {
      Lone: { Type: 'AWS::ApiGatewayV2::Integration', Properties: { ApiId: { Ref: 'Api' }, TimeoutInMillis: 31_000 } },
    },
    message: 'has a timeout of 31000 milliseconds, outside 50 to 30000',
    open: {
      Lone: {
        Type: 'AWS::ApiGatewayV2::Integration',
        Properties: { ApiId: { 'Fn::ImportValue': 'x' }, TimeoutInMillis: 29_500 },
      },
    },
  },
]);

describeFaults(integrationTimeout, restApi, [
  {
    mistake: 'a stream that is to last longer than streams do',
    change: { 'Method.Integration.ResponseTransferMode': 'STREAM', 'Method.Integration.TimeoutInMillis': 901_000 },
    message: 'has a timeout of 901000 milliseconds, outside 50 to 900000',
    open: { 'Method.Integration.ResponseTransferMode': OPEN, 'Method.Integration.TimeoutInMillis': 901_000 },
  },
]);

describeAccepted(integrationTimeout, restApi, [
  { accepts: 'a timeout that a quota allows', change: { 'Method.Integration.TimeoutInMillis': 60_000 } },
]);
