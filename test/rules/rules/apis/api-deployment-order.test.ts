import { apiDeploymentOrder } from '../../../../lib/rules/rules/apis/api-deployment-order';
import { describeAccepted, describeFaults, OPEN } from '../faults';
import { restApi } from './templates';

const deployment = (more: object = {}) => ({
  Deployment: { Type: 'AWS::ApiGateway::Deployment', Properties: { RestApiId: { Ref: 'Api' } }, ...more },
});

describeFaults(apiDeploymentOrder, restApi, [
  {
    mistake: 'a deployment that waits for nothing',
    change: deployment(),
    message: 'may be made before the methods of its API',
    openButFine: { Deployment: { Type: 'AWS::ApiGateway::Deployment', Properties: { RestApiId: OPEN } } },
  },
  {
    mistake: 'a deployment that waits for the API alone',
    change: deployment({ DependsOn: ['Api'] }),
    message: 'may be made before the methods of its API',
  },
  {
    mistake: 'a deployment that waits for one of two methods',
    change: { ...deployment({ DependsOn: ['Method'] }), Other: { ...restApi.Method, DependsOn: 'Api' } },
    message: 'may be made before some methods of its API: Shop/Other',
  },
]);

describeAccepted(apiDeploymentOrder, restApi, [
  { accepts: 'what SAM makes of an event', change: { ...deployment(), 'Method.ResourceId': '/' } },
  { accepts: 'a deployment after a method', change: deployment({ DependsOn: 'Method' }) },
  {
    accepts: 'a deployment after what comes after a method',
    change: {
      ...deployment({ DependsOn: ['After'] }),
      After: { Type: 'AWS::CloudFormation::WaitConditionHandle', DependsOn: 'Method' },
    },
  },
]);
