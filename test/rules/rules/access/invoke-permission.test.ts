import { readTemplate } from '../../../../lib/core/model/read-template';
import { invokePermission } from '../../../../lib/rules/rules/access/invoke-permission';
import { arn, describeAccepted, describeFaults, judgeAll, OPEN } from '../faults';
import { httpApi, permission, restApi, warmAlias } from '../apis/templates';
import { bucketWithFunction, deliveries } from '../events/templates';

describeFaults(invokePermission, httpApi, [
  {
    mistake: 'a route that may not call its function',
    change: { Permission: undefined },
    message: 'calls Shop/Orders, which does not admit apigateway.amazonaws.com',
    openButFine: { 'Integration.IntegrationUri': OPEN },
  },
]);

describeFaults(invokePermission, warmAlias, [
  {
    mistake: 'a permission on the function for a call of the alias',
    change: { Permission: permission(arn('Orders'), 'Api') },
    message: 'calls Shop/Live of Shop/Orders, which does not admit apigateway.amazonaws.com',
  },
]);

describeFaults(invokePermission, restApi, [
  {
    mistake: 'a method that may not call its function',
    change: { Permission: undefined },
    message: 'calls Shop/Orders, which does not admit apigateway.amazonaws.com',
  },
]);

describeFaults(invokePermission, deliveries, [
  {
    mistake: 'a rule that may not call its function',
    change: { Permission: undefined },
    message: 'calls Shop/Handler, which does not admit events.amazonaws.com',
    openButFine: { 'Permission.SourceArn': OPEN },
  },
  {
    mistake: 'a permission for another rule',
    change: { 'Permission.SourceArn': arn('Schedule') },
    message: 'which does not admit events.amazonaws.com',
  },
]);

describeFaults(invokePermission, bucketWithFunction, [
  {
    mistake: 'a bucket that may not call its function',
    change: { BucketPermission: undefined },
    message: 'calls Shop/Importer, which does not admit s3.amazonaws.com',
  },
]);

const byName = { 'Fn::Sub': 'arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:${Orders}:live' };
describeAccepted(invokePermission, warmAlias, [
  {
    accepts: 'an alias by its name after the ARN',
    change: { 'Integration.IntegrationUri': { 'Fn::Sub': '${Orders.Arn}:live' } },
  },
  { accepts: 'an alias by its name in an ARN put together', change: { 'Integration.IntegrationUri': byName } },
  {
    accepts: 'a permission on an alias by its name',
    change: { 'Permission.FunctionName': { 'Fn::Sub': '${Orders}:live' } },
  },
]);

test('InvokePermission accepts a rule that calls the alias SAM makes by its name', () => {
  const sam = {
    Transform: 'AWS::Serverless-2016-10-31',
    Resources: {
      Fn: {
        Type: 'AWS::Serverless::Function',
        Properties: { Runtime: 'nodejs24.x', Handler: 'a.b', CodeUri: '.', AutoPublishAlias: 'live' },
      },
      Rule: {
        Type: 'AWS::Events::Rule',
        Properties: { EventPattern: { source: ['a'] }, Targets: [{ Id: 'a', Arn: { 'Fn::Sub': '${Fn.Alias}' } }] },
      },
      Permission: {
        Type: 'AWS::Lambda::Permission',
        Properties: {
          FunctionName: { Ref: 'Fn.Alias' },
          Action: 'lambda:InvokeFunction',
          Principal: 'events.amazonaws.com',
          SourceArn: arn('Rule'),
        },
      },
    },
  };
  const model = readTemplate(JSON.stringify(sam), { file: 'sam.yaml' });
  expect(judgeAll(model, [invokePermission])).toEqual({ findings: [], unknown: [], failures: [] });
  const other = JSON.stringify(sam).replace('"Ref":"Fn.Alias"', '"Ref":"Fn"');
  expect(judgeAll(readTemplate(other, { file: 'sam.yaml' }), [invokePermission]).findings).toHaveLength(1);
});
