import { stateMachineKeyPermission } from '../../../../lib/rules/rules/state-machines/state-machine-key-permission';
import { arn, describeAccepted, describeFaults, OPEN } from '../faults';
import { allow } from '../parts';
import { stateMachines } from './templates';

const account = { 'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:root' };
const machineArn = (name: string) => ({
  'Fn::Sub': `arn:aws:states:\${AWS::Region}:\${AWS::AccountId}:stateMachine:${name}`,
});
const ACTIONS = ['kms:Decrypt', 'kms:GenerateDataKey'];
const forMachine = (name: string, operator = 'StringEquals') =>
  allow(ACTIONS, arn('Key'), { [operator]: { 'kms:EncryptionContext:aws:states:stateMachineArn': machineArn(name) } });
const { Machine, ...others } = stateMachines;
const base = {
  ...others,
  Key: {
    Type: 'AWS::KMS::Key',
    Properties: {
      EnableKeyRotation: true,
      KeyPolicy: { Statement: [{ Effect: 'Allow', Principal: { AWS: account }, Action: 'kms:*', Resource: '*' }] },
    },
  },
  Machine: {
    ...Machine,
    Properties: {
      ...Machine.Properties,
      StateMachineName: 'orders',
      EncryptionConfiguration: { KmsKeyId: arn('Key'), Type: 'CUSTOMER_MANAGED_KMS_KEY' },
    },
  },
  KeyUse: {
    Type: 'AWS::IAM::Policy',
    Properties: {
      PolicyName: 'KeyUse',
      Roles: [{ Ref: 'MachineRole' }],
      PolicyDocument: { Statement: [forMachine('orders')] },
    },
  },
};
const use = (statement: object) => ({ 'KeyUse.PolicyDocument.Statement.0': statement });

describeFaults(stateMachineKeyPermission, base, [
  {
    mistake: 'a role that may not use the key',
    change: { KeyUse: undefined },
    message:
      'has the key Shop/Key, for which its role Shop/MachineRole may not use kms:GenerateDataKey and kms:Decrypt',
    open: { 'Machine.EncryptionConfiguration.KmsKeyId': OPEN },
  },
  {
    mistake: 'a role that may decrypt alone',
    change: use(allow('kms:Decrypt', arn('Key'))),
    message: 'may not use kms:GenerateDataKey',
    open: { 'Machine.RoleArn': OPEN },
  },
  {
    mistake: 'a machine without a name, with the grant for an empty one, as CDK makes it',
    change: { 'Machine.StateMachineName': undefined, ...use(forMachine('')) },
    message: "kms:Decrypt: 'kms:EncryptionContext:aws:states:stateMachineArn' asks for another machine",
    open: use(forMachine('${Open}')),
  },
  {
    mistake: 'a grant through another service',
    change: use(
      allow(ACTIONS, arn('Key'), {
        StringEquals: { 'kms:ViaService': { 'Fn::Sub': 'sqs.${AWS::Region}.amazonaws.com' } },
      }),
    ),
    message: 'may not use kms:GenerateDataKey and kms:Decrypt',
  },
]);

describeAccepted(stateMachineKeyPermission, base, [
  {
    accepts: 'a key of AWS',
    change: { 'Machine.EncryptionConfiguration': { Type: 'AWS_OWNED_KEY' }, KeyUse: undefined },
  },
  { accepts: 'the key under no condition', change: use(allow('kms:*', arn('Key'))) },
  {
    accepts: 'any machine, for one without a name',
    change: { 'Machine.StateMachineName': undefined, ...use(forMachine('*', 'StringLike')) },
  },
]);
