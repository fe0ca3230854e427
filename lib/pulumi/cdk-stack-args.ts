import type * as pulumi from '@pulumi/pulumi';
import type * as cdk from 'aws-cdk-lib';
import type { StackSource } from './cdk-assembly';

/** Props of a CDK stack in a Pulumi program. Exactly one of `build` and `stack` is required. */
export interface CdkStackArgs extends StackSource {
  /**
   * Name of the CloudFormation stack. Another name means another stack.
   * @default - project, Pulumi stack and the component's name
   */
  readonly stackName?: string;
  /**
   * Account and region, for constructs that need to know them.
   * @default - those of the AWS provider
   */
  readonly env?: cdk.Environment;
  /**
   * Values of the template's parameters, by logical id. Those of `NoEcho` parameters become secrets.
   * @default - the defaults in the template
   */
  readonly parameters?: Readonly<Record<string, pulumi.Input<string>>>;
  /**
   * Tags of the stack, which CloudFormation propagates to its resources. They override CDK's tags of the stack.
   * @default - the CDK stack's tags
   */
  readonly tags?: Readonly<Record<string, pulumi.Input<string>>>;
  /**
   * Name of the bucket that assets are uploaded to.
   * @default - a private bucket is created if there is anything to upload
   */
  readonly assetBucket?: pulumi.Input<string>;
}
