import { type AwsType, NAME_IS_REF } from './aws-type';

const POLICY = { renamed: { name: 'PolicyName', policy: 'PolicyDocument' }, json: ['PolicyDocument'] };

/** Where an attachment puts the policy: into the role, user or group; into the policy if that is in the program. */
const attachedTo = (kind: 'Role' | 'User' | 'Group', by: string) =>
  ({ type: `AWS::IAM::${kind}`, by, at: 'ManagedPolicyArns', take: 'PolicyArn', append: true }) as const;

/** Roles, users, groups and their policies; identities of pools, accounts and devices. */
export const IDENTITIES: Readonly<Record<string, AwsType>> = {
  'aws:iam/role:Role': {
    type: 'AWS::IAM::Role',
    renamed: {
      name: 'RoleName',
      assumeRolePolicy: 'AssumeRolePolicyDocument',
      inlinePolicies: 'Policies',
      'inlinePolicies.name': 'Policies.PolicyName',
      'inlinePolicies.policy': 'Policies.PolicyDocument',
      maxSessionDuration: 'MaxSessionDuration',
    },
    json: ['AssumeRolePolicyDocument', 'Policies.PolicyDocument'],
    outputs: { ...NAME_IS_REF, uniqueId: 'RoleId' },
  },
  'aws:iam/rolePolicy:RolePolicy': {
    type: 'AWS::IAM::Policy',
    ...POLICY,
    renamed: { ...POLICY.renamed, role: 'Roles' },
    listed: ['Roles'],
  },
  'aws:iam/userPolicy:UserPolicy': {
    type: 'AWS::IAM::Policy',
    ...POLICY,
    renamed: { ...POLICY.renamed, user: 'Users' },
    listed: ['Users'],
  },
  'aws:iam/groupPolicy:GroupPolicy': {
    type: 'AWS::IAM::Policy',
    ...POLICY,
    renamed: { ...POLICY.renamed, group: 'Groups' },
    listed: ['Groups'],
  },
  'aws:iam/policy:Policy': {
    type: 'AWS::IAM::ManagedPolicy',
    renamed: { name: 'ManagedPolicyName', policy: 'PolicyDocument' },
    json: ['PolicyDocument'],
    outputs: { id: '', arn: '' },
  },
  'aws:iam/user:User': { type: 'AWS::IAM::User', renamed: { name: 'UserName' }, outputs: NAME_IS_REF },
  'aws:iam/group:Group': { type: 'AWS::IAM::Group', renamed: { name: 'GroupName' }, outputs: NAME_IS_REF },
  'aws:iam/userGroupMembership:UserGroupMembership': {
    type: 'AWS::IAM::User',
    partOf: [{ type: 'AWS::IAM::User', by: 'User', at: 'Groups', take: 'Groups', append: true }],
  },
  'aws:iam/groupMembership:GroupMembership': {
    type: 'AWS::IAM::UserToGroupAddition',
    renamed: { group: 'GroupName' },
  },
  'aws:iam/instanceProfile:InstanceProfile': {
    type: 'AWS::IAM::InstanceProfile',
    renamed: { name: 'InstanceProfileName', role: 'Roles' },
    listed: ['Roles'],
    outputs: NAME_IS_REF,
  },
  'aws:iam/rolePolicyAttachment:RolePolicyAttachment': { type: 'AWS::IAM::Role', partOf: [attachedTo('Role', 'Role')] },
  'aws:iam/userPolicyAttachment:UserPolicyAttachment': { type: 'AWS::IAM::User', partOf: [attachedTo('User', 'User')] },
  'aws:iam/groupPolicyAttachment:GroupPolicyAttachment': {
    type: 'AWS::IAM::Group',
    partOf: [attachedTo('Group', 'Group')],
  },
  'aws:iam/policyAttachment:PolicyAttachment': {
    type: 'AWS::IAM::Role',
    partOf: [attachedTo('Role', 'Roles'), attachedTo('User', 'Users'), attachedTo('Group', 'Groups')],
  },
  'aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive': {
    type: 'AWS::IAM::Role',
    partOf: [{ type: 'AWS::IAM::Role', by: 'RoleName', at: 'ManagedPolicyArns', take: 'PolicyArns', append: true }],
  },
  'aws:cognito/userPool:UserPool': {
    type: 'AWS::Cognito::UserPool',
    renamed: {
      name: 'UserPoolName',
      passwordPolicy: 'Policies.PasswordPolicy',
      schemas: 'Schema',
      'lambdaConfig.customSmsSender': 'LambdaConfig.CustomSMSSender',
      'lambdaConfig.kmsKeyId': 'LambdaConfig.KMSKeyID',
    },
    outputs: { id: '', endpoint: 'ProviderName' },
  },
  'aws:cognito/userPoolClient:UserPoolClient': {
    type: 'AWS::Cognito::UserPoolClient',
    renamed: { name: 'ClientName', callbackUrls: 'CallbackURLs', logoutUrls: 'LogoutURLs' },
    outputs: { id: '', name: 'Name' },
  },
  'aws:cognito/userGroup:UserGroup': {
    type: 'AWS::Cognito::UserPoolGroup',
    renamed: { name: 'GroupName' },
    outputs: { id: '', name: '' },
  },
  'aws:cognito/identityProvider:IdentityProvider': {
    type: 'AWS::Cognito::UserPoolIdentityProvider',
    verbatim: ['ProviderDetails', 'AttributeMapping'],
  },
  'aws:cognito/identityPool:IdentityPool': {
    type: 'AWS::Cognito::IdentityPool',
    renamed: { openidConnectProviderArns: 'OpenIdConnectProviderARNs', samlProviderArns: 'SamlProviderARNs' },
    // Defaults to false here, but is required there.
    shaped: (properties) => ({ AllowUnauthenticatedIdentities: false, ...properties }),
    outputs: { id: '' },
  },
  'aws:cognito/identityPoolRoleAttachment:IdentityPoolRoleAttachment': {
    type: 'AWS::Cognito::IdentityPoolRoleAttachment',
    renamed: {
      'roleMappings.mappingRules': 'RoleMappings.RulesConfiguration.Rules',
      'roleMappings.mappingRules.roleArn': 'RoleMappings.RulesConfiguration.Rules.RoleARN',
    },
    verbatim: ['Roles'],
  },
  'aws:ssoadmin/permissionSet:PermissionSet': {
    type: 'AWS::SSO::PermissionSet',
    outputs: { id: 'PermissionSetArn', arn: 'PermissionSetArn' },
  },
  'aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy': {
    type: 'AWS::SSO::PermissionSet',
    json: ['InlinePolicy'],
    partOf: [{ type: 'AWS::SSO::PermissionSet', by: 'PermissionSetArn', at: 'InlinePolicy', take: 'InlinePolicy' }],
  },
  'aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment': {
    type: 'AWS::SSO::PermissionSet',
    partOf: [
      {
        type: 'AWS::SSO::PermissionSet',
        by: 'PermissionSetArn',
        at: 'ManagedPolicies',
        take: 'ManagedPolicyArn',
        append: true,
      },
    ],
  },
  'aws:iot/policy:Policy': {
    type: 'AWS::IoT::Policy',
    renamed: { name: 'PolicyName', policy: 'PolicyDocument' },
    json: ['PolicyDocument'],
    outputs: NAME_IS_REF,
  },
  'aws:iot/policyAttachment:PolicyAttachment': {
    type: 'AWS::IoT::PolicyPrincipalAttachment',
    renamed: { policy: 'PolicyName', target: 'Principal' },
  },
};
