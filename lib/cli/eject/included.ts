import { App, type CfnResource, Stack } from 'aws-cdk-lib';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { sectionOf } from './selection';
import type { JsonObject } from '../../core/record';

/** A resource as an L1 construct. */
export interface L1 {
  readonly logicalId: string;
  /** As the template has it. */
  readonly raw: JsonObject;
  /** The construct's own class: `CfnQueue`. */
  readonly className: string;
  /** The module of `aws-cdk-lib` that it is in, by the name under which it is imported: `sqs`; undefined of `CfnResource`. */
  readonly module: string | undefined;
  /** The path of that module below `aws-cdk-lib`. */
  readonly importPath: string | undefined;
  /** Its props, with tokens in the place of intrinsic functions. */
  readonly props: JsonObject;
  /** Default name of its variable: `queue`. */
  readonly kind: string;
  readonly construct: CfnResource;
}

/** CDK's own template reader: it knows the props of each resource type in whatever version is installed. */
export class Included {
  readonly stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Included');
  private readonly include: CfnInclude;

  constructor(
    file: string,
    private readonly template: JsonObject,
  ) {
    this.include = new CfnInclude(this.stack, 'Template', { templateFile: file });
  }

  resource(logicalId: string): L1 {
    const construct = this.include.getResource(logicalId);
    const { fqn = '' } = (construct.constructor as unknown as Record<symbol, { fqn?: string } | undefined>)[RTTI] ?? {};
    const [, namespace, className = 'CfnResource'] = /^aws-cdk-lib\.(?:(\w+)\.)?(\w+)$/.exec(fqn) ?? [];
    const { cfnProperties } = construct as unknown as { readonly cfnProperties: JsonObject };
    return {
      logicalId,
      raw: sectionOf(this.template, 'Resources')[logicalId]!,
      className,
      module: namespace?.replace(/^(aws|alexa)_/, ''),
      importPath: namespace?.replaceAll('_', '-'),
      props: cfnProperties,
      kind: kindOf(construct.cfnResourceType),
      construct,
    };
  }

  output(logicalId: string): JsonObject {
    const { value, description, exportName } = this.include.getOutput(logicalId);
    return { value: value as unknown, description, exportName };
  }

  /** A token as CloudFormation has it. */
  resolve(value: unknown): unknown {
    return this.stack.resolve(value) as unknown;
  }
}

/** The key under which jsii records a class's name. */
const RTTI = Symbol.for('jsii.rtti');

/** `dbCluster` of `AWS::RDS::DBCluster`. */
const kindOf = (type: string): string =>
  type
    .split('::')
    .at(-1)!
    .replace(/\W/g, '')
    .replace(/^([A-Z]+(?=[A-Z][a-z]|$)|[A-Z])/, (first) => first.toLowerCase());
