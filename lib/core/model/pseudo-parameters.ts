import { generatedUuid } from './generated-id';

/** What pseudo parameters derive from. */
export interface StackEnvironment {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  /** The name of the template; a value outside of any has no stack. */
  readonly template: string | undefined;
}

/** The value of a pseudo parameter; undefined if it is none, or needs a stack. */
export function pseudoParameter(name: string, environment: StackEnvironment): string | undefined {
  const { partition, region, account, template } = environment;
  switch (name) {
    case 'AWS::Partition':
      return partition;
    case 'AWS::Region':
      return region;
    case 'AWS::AccountId':
      return account;
    case 'AWS::URLSuffix':
      return partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
    case 'AWS::StackName':
      return template === undefined ? undefined : stackNameOf(template);
    case 'AWS::StackId':
      return template === undefined ? undefined : stackId(environment, template);
    default:
      return undefined;
  }
}

function stackId({ partition, region, account }: StackEnvironment, template: string): string {
  const stack = `${stackNameOf(template)}/${generatedUuid(template)}`;
  return `arn:${partition}:cloudformation:${region}:${account}:stack/${stack}`;
}

/** A template's name as a stack name: the base name of a file; without slashes for a stack in a stage. */
export function stackNameOf(template: string): string {
  const base = /\.(json|ya?ml|template)$/i.test(template) ? template.replace(/^.*[\\/]/, '') : template;
  return base.replace(/(\.template)?\.(json|ya?ml|template)$/i, '').replace(/[^A-Za-z0-9-]+/g, '-');
}
