/** A way to use a passed role: actions that start something that runs with it. */
export interface PassingWay {
  /** The service that must be able to assume the role. */
  readonly service: string;
  /** In words: `a new function`. */
  readonly means: string;
  /** Besides `iam:PassRole`, one action of each of these. */
  readonly actions: readonly (readonly string[])[];
}

/** What can be started with a passed role to do the creator's bidding. */
export const PASSING_WAYS: readonly PassingWay[] = [
  {
    service: 'lambda.amazonaws.com',
    means: 'a new function',
    actions: [
      ['lambda:CreateFunction'],
      [
        'lambda:InvokeFunction',
        'lambda:CreateEventSourceMapping',
        'lambda:AddPermission',
        'lambda:CreateFunctionUrlConfig',
      ],
    ],
  },
  {
    service: 'lambda.amazonaws.com',
    means: 'a function of its choice',
    actions: [['lambda:UpdateFunctionConfiguration'], ['lambda:UpdateFunctionCode']],
  },
  { service: 'ec2.amazonaws.com', means: 'a new instance', actions: [['ec2:RunInstances']] },
  {
    service: 'ecs-tasks.amazonaws.com',
    means: 'a new task',
    actions: [
      ['ecs:RegisterTaskDefinition'],
      ['ecs:RunTask', 'ecs:StartTask', 'ecs:CreateService', 'ecs:UpdateService'],
    ],
  },
  {
    service: 'cloudformation.amazonaws.com',
    means: 'a stack',
    actions: [['cloudformation:CreateStack', 'cloudformation:UpdateStack', 'cloudformation:CreateChangeSet']],
  },
  {
    service: 'states.amazonaws.com',
    means: 'a state machine',
    actions: [
      ['states:CreateStateMachine', 'states:UpdateStateMachine'],
      ['states:StartExecution', 'states:StartSyncExecution'],
    ],
  },
  {
    service: 'codebuild.amazonaws.com',
    means: 'a build',
    actions: [
      ['codebuild:CreateProject', 'codebuild:UpdateProject'],
      ['codebuild:StartBuild', 'codebuild:StartBuildBatch'],
    ],
  },
  {
    service: 'glue.amazonaws.com',
    means: 'a Glue job',
    actions: [
      ['glue:CreateJob', 'glue:UpdateJob'],
      ['glue:StartJobRun', 'glue:CreateTrigger'],
    ],
  },
  { service: 'glue.amazonaws.com', means: 'a Glue development endpoint', actions: [['glue:CreateDevEndpoint']] },
  {
    service: 'sagemaker.amazonaws.com',
    means: 'a SageMaker job or notebook',
    actions: [['sagemaker:CreateNotebookInstance', 'sagemaker:CreateTrainingJob', 'sagemaker:CreateProcessingJob']],
  },
  {
    service: 'scheduler.amazonaws.com',
    means: 'a schedule',
    actions: [['scheduler:CreateSchedule', 'scheduler:UpdateSchedule']],
  },
];

/** Actions that give their holder another principal's access: `on` is what the action must be allowed on. */
export const TAKING_WAYS: readonly { readonly action: string; readonly on: string; readonly words: string }[] = [
  { action: 'iam:UpdateAssumeRolePolicy', on: 'AWS::IAM::Role', words: 'names itself in the trust policy of' },
  { action: 'iam:CreateAccessKey', on: 'AWS::IAM::User', words: 'creates an access key for' },
  { action: 'iam:CreateLoginProfile', on: 'AWS::IAM::User', words: 'creates a password for' },
  { action: 'iam:UpdateLoginProfile', on: 'AWS::IAM::User', words: 'changes the password of' },
  { action: 'lambda:UpdateFunctionCode', on: 'AWS::Lambda::Function', words: 'replaces the code of' },
  { action: 'lambda:UpdateFunctionConfiguration', on: 'AWS::Lambda::Function', words: 'adds a layer to' },
  { action: 'states:UpdateStateMachine', on: 'AWS::StepFunctions::StateMachine', words: 'rewrites' },
];

/** Actions that give their holder every permission: `on` is what the action must be allowed on. */
export const GRANTING_WAYS: readonly { readonly action: string; readonly on: string; readonly words: string }[] = [
  { action: 'iam:PutRolePolicy', on: 'AWS::IAM::Role', words: 'writes a policy into' },
  { action: 'iam:AttachRolePolicy', on: 'AWS::IAM::Role', words: 'attaches a policy to' },
  { action: 'iam:PutUserPolicy', on: 'AWS::IAM::User', words: 'writes a policy into' },
  { action: 'iam:AttachUserPolicy', on: 'AWS::IAM::User', words: 'attaches a policy to' },
  { action: 'iam:PutGroupPolicy', on: 'AWS::IAM::Group', words: 'writes a policy into' },
  { action: 'iam:AttachGroupPolicy', on: 'AWS::IAM::Group', words: 'attaches a policy to' },
  { action: 'iam:CreatePolicyVersion', on: 'AWS::IAM::ManagedPolicy', words: 'creates a new version of' },
  { action: 'iam:SetDefaultPolicyVersion', on: 'AWS::IAM::ManagedPolicy', words: 'restores an older version of' },
];
