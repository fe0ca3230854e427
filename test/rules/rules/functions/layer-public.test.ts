import { layerPublic } from '../../../../lib/rules/rules/functions/layer-public';
import { describeAccepted, describeFaults, OPEN } from '../faults';
import { functions } from './templates';

const permission = (properties: object) => ({
  Share: {
    Type: 'AWS::Lambda::LayerVersionPermission',
    Properties: { LayerVersionArn: 'arn', Action: 'lambda:GetLayerVersion', ...properties },
  },
});

describeFaults(layerPublic, functions, [
  {
    mistake: 'a layer for every account',
    change: permission({ Principal: '*' }),
    message: 'lets every AWS account read the layer',
    open: permission({ Principal: OPEN }),
  },
]);

describeAccepted(layerPublic, functions, [
  { accepts: 'a layer for an organization', change: permission({ Principal: '*', OrganizationId: 'o-1' }) },
]);
