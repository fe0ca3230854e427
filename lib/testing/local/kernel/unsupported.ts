/** Something in the templates that the local run does not run. */
export interface Unsupported {
  /** Its construct path, or template and logical id; a CloudFormation type where it stands for several resources. */
  readonly resource: string;
  /** Its CloudFormation type. */
  readonly type: string;
  /** What is not run, and what that means. */
  readonly reason: string;
}

/** Types that need no running: what they set is either enforced by another part or has no effect on a machine. */
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
