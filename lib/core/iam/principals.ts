import { tableOf } from '../table';
import { displayName } from '../model/display';
import type { Resource } from '../model/model';

/** What a principal is. */
export type PrincipalKind =
  | 'function'
  | 'state machine'
  | 'api'
  | 'rule'
  | 'schedule'
  | 'pipe'
  | 'topic'
  | 'bucket'
  | 'stream'
  | 'task'
  | 'identity pool'
  | 'instance'
  | 'endpoint'
  | 'resource'
  | 'role'
  | 'user'
  | 'database user'
  | 'group'
  | 'permission set'
  | 'policy'
  | 'certificate'
  | 'service'
  | 'account'
  | 'provider'
  | 'anyone'
  | 'unknown';

/** A holder of permissions. */
export interface Principal {
  /** What it is. */
  readonly kind: PrincipalKind;
  /** Its construct path, or the name that a policy gives it. */
  readonly name: string;
}

const KINDS = tableOf<PrincipalKind>({
  'AWS::ApiGateway::RestApi': 'api',
  'AWS::ApiGatewayV2::Api': 'api',
  'AWS::AppSync::GraphQLApi': 'api',
  'AWS::Cognito::IdentityPool': 'identity pool',
  'AWS::ECS::TaskDefinition': 'task',
  'AWS::Events::Rule': 'rule',
  'AWS::EC2::Instance': 'instance',
  'AWS::EC2::VPCEndpoint': 'endpoint',
  'AWS::IAM::Group': 'group',
  'AWS::IAM::ManagedPolicy': 'policy',
  'AWS::IAM::Role': 'role',
  'AWS::IAM::User': 'user',
  'AWS::IoT::Policy': 'policy',
  'AWS::Kinesis::Stream': 'stream',
  'AWS::KinesisFirehose::DeliveryStream': 'stream',
  'AWS::Lambda::Function': 'function',
  'AWS::Pipes::Pipe': 'pipe',
  'AWS::S3::Bucket': 'bucket',
  'AWS::SSO::PermissionSet': 'permission set',
  'AWS::Scheduler::Schedule': 'schedule',
  'AWS::SNS::Topic': 'topic',
  'AWS::StepFunctions::StateMachine': 'state machine',
});

/** A resource as a principal. */
export function principalOf(resource: Resource): Principal {
  return { kind: KINDS[resource.type] ?? 'resource', name: displayName(resource) };
}
