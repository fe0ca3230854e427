import { serviceEncryptionKey } from '../../../../lib/rules/rules/access/service-encryption-key';
import { arn, describeAccepted, describeFaults, OPEN } from '../faults';
import { durable } from '../functions/templates';

const account = { 'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:root' };
const delegates = { Effect: 'Allow', Principal: { AWS: account }, Action: 'kms:*', Resource: '*' };
const LOGS = { 'Fn::Sub': 'logs.${AWS::Region}.amazonaws.com' };
const CONTEXT = 'kms:EncryptionContext:aws:logs:arn';
const group = (name: string) => ({
  'Fn::Sub': `arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:${name}`,
});
const admits = (service: unknown, Action: unknown, Condition?: object) => ({
  Effect: 'Allow',
  Principal: { Service: service },
  Action,
  Resource: '*',
  ...(Condition && { Condition }),
});
const ALL = ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'];
const busArn = { 'Fn::Sub': 'arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:event-bus/shop' };
const onBus = { StringEquals: { 'kms:EncryptionContext:aws:events:event-bus:arn': busArn, 'aws:SourceArn': busArn } };
const base = {
  Key: {
    Type: 'AWS::KMS::Key',
    Properties: {
      EnableKeyRotation: true,
      KeyPolicy: {
        Statement: [
          delegates,
          admits(LOGS, ALL, { ArnLike: { [CONTEXT]: group('/shop/*') } }),
          admits('events.amazonaws.com', ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'], onBus),
          // As CDK's Archive writes it.
          admits('events.amazonaws.com', 'kms:ReEncrypt*', {
            StringEquals: { 'kms:EncryptionContext:aws:events:event-bus:arn': arn('Bus') },
          }),
        ],
      },
    },
  },
  Group: {
    Type: 'AWS::Logs::LogGroup',
    Properties: { LogGroupName: '/shop/orders', RetentionInDays: 7, KmsKeyId: arn('Key') },
  },
  Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'shop', KmsKeyIdentifier: arn('Key') } },
  Archive: { Type: 'AWS::Events::Archive', Properties: { SourceArn: arn('Bus'), KmsKeyIdentifier: arn('Key') } },
};
const statement = (value: unknown) => ({ 'Key.KeyPolicy.Statement.1': value });
const under = (operator: string, value: unknown) => statement(admits(LOGS, ALL, { [operator]: { [CONTEXT]: value } }));

describeFaults(serviceEncryptionKey, base, [
  {
    mistake: 'a key that admits the account alone, as CDK makes it for a log group',
    change: { 'Key.KeyPolicy.Statement.1': delegates },
    message: 'does not allow kms:Encrypt and kms:Decrypt and kms:GenerateDataKey to logs.${AWS::Region}.amazonaws.com',
    open: statement(admits(OPEN, ALL)),
  },
  {
    mistake: 'a key without a policy of its own',
    change: { 'Key.KeyPolicy': undefined, 'Bus.KmsKeyIdentifier': undefined, 'Archive.KmsKeyIdentifier': undefined },
    message: 'has the key Shop/Key, whose policy does not allow',
    open: { 'Group.KmsKeyId': OPEN },
  },
  {
    mistake: 'a service that may not decrypt',
    change: statement(admits(LOGS, ['kms:Encrypt', 'kms:GenerateDataKey'])),
    message: 'whose policy does not allow kms:Decrypt to logs',
  },
  {
    mistake: 'a key for other log groups',
    change: under('ArnLike', group('/billing/*')),
    message: 'has the key Shop/Key, whose policy does not allow',
    open: under('ArnLike', group('${Open}')),
  },
  {
    mistake: 'a wildcard that StringEquals takes by the letter',
    change: under('StringEquals', group('*')),
    message: 'has the key Shop/Key, whose policy does not allow',
  },
  {
    mistake: 'a bus whose key is for another one',
    change: {
      'Archive.KmsKeyIdentifier': undefined,
      'Key.KeyPolicy.Statement.2.Condition': {
        StringEquals: {
          'kms:EncryptionContext:aws:events:event-bus:arn': 'arn:aws:events:eu-west-1:111122223333:event-bus/x',
        },
      },
    },
    message: 'does not allow kms:DescribeKey and kms:GenerateDataKey and kms:Decrypt to events.amazonaws.com',
  },
  {
    mistake: 'an archive whose key may not be used to encrypt again',
    change: { 'Key.KeyPolicy.Statement.3': delegates },
    message: 'does not allow kms:ReEncryptFrom and kms:ReEncryptTo to events.amazonaws.com',
    open: { 'Archive.SourceArn': OPEN },
  },
]);

const functionArn = {
  'Fn::Sub': 'arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:durable',
};
const ofFunction = { StringEquals: { 'kms:EncryptionContext:aws:lambda:FunctionArn': functionArn } };
const forDurable = (condition: object) =>
  admits('lambda.amazonaws.com', ['kms:GenerateDataKey', 'kms:Decrypt'], condition);
const { Durable, ...others } = durable as Readonly<Record<string, { readonly Properties: object }>>;
const encrypted = {
  ...others,
  Durable: {
    ...Durable,
    Properties: {
      ...Durable!.Properties,
      FunctionName: 'durable',
      DurableConfig: { ExecutionTimeout: 60, KMSKeyArn: arn('Key') },
    },
  },
  Key: {
    Type: 'AWS::KMS::Key',
    Properties: { EnableKeyRotation: true, KeyPolicy: { Statement: [delegates, forDurable(ofFunction)] } },
  },
};

describeFaults(serviceEncryptionKey, encrypted, [
  {
    mistake: 'a durable function whose key does not admit Lambda',
    change: { 'Key.KeyPolicy.Statement.1': delegates },
    message: 'does not allow kms:GenerateDataKey and kms:Decrypt to lambda.amazonaws.com',
    open: { 'Durable.DurableConfig.KMSKeyArn': OPEN },
  },
]);

describeAccepted(serviceEncryptionKey, base, [
  { accepts: 'the service under no condition', change: statement(admits(LOGS, 'kms:*')) },
  { accepts: 'the service without its region', change: statement(admits('logs.amazonaws.com', ALL)) },
  {
    accepts: 'the service in a region, in a template of any',
    change: statement(admits('logs.eu-west-1.amazonaws.com', ALL)),
  },
  { accepts: 'exactly the log group', change: under('StringEquals', group('/shop/orders')) },
  { accepts: 'any log group', change: under('ArnEquals', group('*')) },
  {
    accepts: 'an account as a condition',
    change: statement(admits(LOGS, ALL, { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } })),
  },
  {
    accepts: 'a name that CloudFormation makes',
    change: { ...under('ArnLike', group('*')), 'Group.LogGroupName': undefined },
  },
  { accepts: 'an archive without a key, as CDK writes it', change: { 'Archive.KmsKeyIdentifier': '' } },
  { accepts: 'a log group without a key', change: { 'Group.KmsKeyId': undefined, ...statement(delegates) } },
]);
