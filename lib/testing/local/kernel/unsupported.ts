/** Something in the templates that the local run does not support. */
export interface Unsupported {
  /** Its construct path, or template and logical id; a CloudFormation type for several resources at once. */
  readonly resource: string;
  /** Its CloudFormation type. */
  readonly type: string;
  /** What is not run, and what that means. */
  readonly reason: string;
}

/** Types that need not run: what they set is enforced elsewhere, or has no effect locally. */
export const INERT = [
  'AWS::CDK::Metadata',
  'AWS::IAM::Role',
  'AWS::IAM::Policy',
  'AWS::IAM::RolePolicy',
  'AWS::IAM::ManagedPolicy',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::CompositeAlarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::KMS::Key',
  'AWS::KMS::Alias',
  'AWS::CloudFormation::Stack',
  'AWS::CertificateManager::Certificate',
  'AWS::Route53::HostedZone',
  'AWS::Route53::RecordSet',
  'AWS::Route53::RecordSetGroup',
  'AWS::ApplicationAutoScaling::ScalableTarget',
  'AWS::ApplicationAutoScaling::ScalingPolicy',
] as const;
