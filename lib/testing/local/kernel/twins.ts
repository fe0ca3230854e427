import type { Deployment } from './deployment';
import type { Unsupported } from './unsupported';

/** Types whose ARN has the name that the template gives. Tables are judged by their engine. */
const NAMED = [
  'AWS::Events::Archive',
  'AWS::Events::EventBus',
  'AWS::Events::Rule',
  'AWS::IAM::Role',
  'AWS::Kinesis::Stream',
  'AWS::Lambda::Function',
  'AWS::Logs::LogGroup',
  'AWS::S3::Bucket',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
  'AWS::SSM::Parameter',
  'AWS::StepFunctions::Activity',
  'AWS::StepFunctions::StateMachine',
];

/** Resources with the name of an earlier one: AWS refuses to create them, and here both share what has the name. */
export function twins(deployment: Deployment): readonly Unsupported[] {
  return NAMED.flatMap((type) => {
    const first = new Map<string, string>();
    return deployment.ofType(type).flatMap(({ arn, name, displayName: resource }) => {
      const other = first.get(arn);
      if (other === undefined) {
        first.set(arn, resource);
        return [];
      }
      return [{ resource, type, reason: `AWS refuses to create it: '${other}' has its name '${name}'` }];
    });
  });
}
