import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import type * as cdk from 'aws-cdk-lib';
import { ASSET_BUCKET } from './asset-bucket';
import { hashOfText } from './asset-hash';
import {
  Bucket,
  BucketObject,
  BucketPolicy,
  BucketPublicAccessBlock,
  CloudFormationStack,
  regionalDomainName,
} from './aws-resources';
import { componentChecks, nameOrClass } from '../core/check/component';
import { cloudFormation } from '../core/facts';
import { type Assembly, isTemplate, section, synthesizeStack } from './cdk-assembly';
import type { CdkStackArgs } from './cdk-stack-args';
import { checkAll, parameterChecks, previewChecks, sourceChecks } from './cdk-stack-checks';
import { isPreview } from './preview';
import { released } from './released';
import { noEchoParameters, secretOutputs } from './secret-outputs';

/** What CDK's own CLI grants CloudFormation. */
const CAPABILITIES = ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'];

/**
 * A CDK stack inside a Pulumi program: any constructs, and so every pattern of `lintel/aws`. It is synthesized when the
 * program runs, including validation plugins, and deployed as one CloudFormation stack by Pulumi's AWS provider: updates,
 * rollbacks and retention on deletion are up to CloudFormation.
 *
 * Assets are uploaded before the stack and named by their content, and so is a template over 51,200 bytes. Template
 * outputs are Pulumi outputs; those derived from a `NoEcho` parameter or a dynamic reference are secret.
 *
 * @example
 * const orders = new CdkStack('orders', (stack) => {
 *   const api = new ServerlessApi(stack, 'Api', { authorizer: 'iam', routes: { 'GET /': 'src/get.ts' } });
 *   new CfnOutput(stack, 'Url', { value: api.url });
 * });
 * new EdgeGateway('gate', { origin: orders.output('Url'), authorizer });
 */
export class CdkStack extends pulumi.ComponentResource {
  /** The CloudFormation stack. */
  readonly stack: CloudFormationStack;
  /** The bucket created for the assets, if any. */
  readonly bucket?: Bucket;
  /** Template outputs by logical id; secret as a whole if any of them is. */
  readonly outputs: pulumi.Output<Record<string, string>>;
  private readonly names: readonly string[];
  private readonly secrets: ReadonlySet<string>;

  /**
   * @param args a function that builds the stack, or all arguments
   * @throws InputPropertiesError when parameters do not fit the template
   * @throws whatever the constructs and their validation report
   */
  constructor(
    private readonly componentName: string,
    args: CdkStackArgs | ((stack: cdk.Stack) => void),
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const name = componentName;
    checkAll(nameOrClass(new.target.name, name), componentChecks(new.target.name, name, opts));
    const all: CdkStackArgs = typeof args === 'function' ? { build: args } : args;
    const preview = isPreview();
    const given = all?.stackName === undefined || !preview ? all?.stackName : `${all.stackName}-${pulumi.getStack()}`;
    const stackName = given ?? defaultStackName(name);
    checkAll(name, sourceChecks(all, stackName));
    const made = synthesizeStack(name, all, { stackName, env: all.env }, outputDirectory(name));
    checkAll(name, [
      ...parameterChecks(made, all.parameters ?? {}),
      ...(preview ? previewChecks(made, all.assetBucket) : []),
    ]);
    const assembly = preview ? releasedAssembly(made) : made;

    const { settings, warnings, acknowledged } = assembly;
    // An input of the component, where checks of the program find it; in the template it would change the stack.
    super(
      'lintel:pulumi:CdkStack',
      name,
      acknowledged.length > 0 ? { acknowledged } : {},
      preview ? { ...opts, protect: false } : opts,
    );
    for (const warning of warnings) pulumi.log.warn(warning, this);
    const inline = Buffer.byteLength(assembly.text) <= cloudFormation.inlineTemplate.value;
    const needsBucket = assembly.assets.length > 0 || !inline;
    if (needsBucket && all.assetBucket === undefined) this.bucket = this.createBucket(name);
    const assetBucket = all.assetBucket ?? this.bucket?.bucket;
    const uploads = assembly.assets.map((asset) => this.upload(name, asset, assetBucket));
    if (!inline) uploads.push(this.uploadTemplate(name, assembly, assetBucket));

    this.names = Object.keys(section(assembly.template, 'Outputs'));
    this.secrets = secretOutputs(assembly.template);
    this.stack = new CloudFormationStack(
      `${name}-stack`,
      {
        name: settings.stackName,
        ...(inline
          ? { templateBody: assembly.text }
          : { templateUrl: pulumi.interpolate`https://${this.domain(assetBucket!)}/${templateKey(assembly)}` }),
        capabilities: CAPABILITIES,
        parameters: parameterValues(assembly, all.parameters ?? {}, assetBucket),
        tags: { ...settings.tags, ...all.tags },
        notificationArns: settings.notificationArns,
      },
      {
        parent: this,
        dependsOn: uploads,
        // A derived name is fixed on creation: a component renamed with an alias keeps its stack.
        ignoreChanges: all.stackName === undefined ? ['name'] : undefined,
        protect: preview ? false : (opts?.protect ?? (settings.terminationProtection || undefined)),
        additionalSecretOutputs: this.secrets.size > 0 ? ['outputs'] : undefined,
      },
    );
    this.outputs = this.stack.outputs;
    this.registerOutputs({ outputs: this.outputs });
  }

  /**
   * An output of the template.
   * @param name its logical id
   * @throws Error when the template has no such output
   */
  output(name: string): pulumi.Output<string> {
    if (!this.names.includes(name)) {
      const shown = this.names.map((one) => `'${one}'`).join(', ') || 'none';
      throw new Error(
        `'${name}' must be an output of the stack, got ${shown}; add a CfnOutput (${this.componentName})`,
      );
    }
    const value = this.outputs[name] as pulumi.Output<string>;
    return this.secrets.has(name) ? value : pulumi.unsecret(value);
  }

  /** A private, TLS-only bucket that is deleted with its contents. */
  private createBucket(name: string): Bucket {
    const parent = { parent: this };
    const bucket = new Bucket(`${name}-assets`, { forceDestroy: true }, parent);
    new BucketPublicAccessBlock(
      `${name}-assets-access`,
      {
        bucket: bucket.bucket,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      parent,
    );
    const denied = bucket.arn.apply((arn) => ({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Deny',
          Principal: '*', // nobody at all may leave out TLS
          Action: 's3:*',
          Resource: [arn, `${arn}/*`],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    }));
    new BucketPolicy(`${name}-assets-policy`, { bucket: bucket.bucket, policy: pulumi.jsonStringify(denied) }, parent);
    return bucket;
  }

  /** Uploads an asset under its content hash. Templates of nested stacks appear in the program's graph. */
  private upload(
    name: string,
    { key, file, zip }: Assembly['assets'][number],
    bucket: pulumi.Input<string> | undefined,
  ): pulumi.Resource {
    const content = isTemplate(file)
      ? { content: templateText(file), contentType: 'application/json' }
      : { source: zip ? new pulumi.asset.FileArchive(file) : new pulumi.asset.FileAsset(file) };
    return new BucketObject(`${name}-${key.slice(0, 16)}`, { bucket, key, ...content }, { parent: this });
  }

  private uploadTemplate(name: string, assembly: Assembly, bucket: pulumi.Input<string> | undefined): pulumi.Resource {
    const key = templateKey(assembly);
    const args = { bucket, key, content: assembly.text, contentType: 'application/json' };
    return new BucketObject(`${name}-template`, args, { parent: this });
  }

  private domain(bucket: pulumi.Input<string>): pulumi.Output<string> {
    return this.bucket?.bucketRegionalDomainName ?? regionalDomainName(bucket, { parent: this });
  }
}

/** In a preview, nothing in a stack resists deletion or is retained. */
function releasedAssembly(assembly: Assembly): Assembly {
  const template = released(assembly.template);
  return { ...assembly, template, text: JSON.stringify(template) };
}

/** The template of a nested stack, as uploaded. */
function templateText(file: string): string {
  const text = readFileSync(file, 'utf8');
  return isPreview() ? JSON.stringify(released(JSON.parse(text) as Record<string, unknown>)) : text;
}

function templateKey({ text }: Assembly): string {
  return `${hashOfText(text)}.json`;
}

/** Values for the template's parameters; those that CloudFormation hides are secrets. */
function parameterValues(
  { template }: Assembly,
  given: NonNullable<CdkStackArgs['parameters']>,
  assetBucket: pulumi.Input<string> | undefined,
): Record<string, pulumi.Input<string>> {
  const hidden = noEchoParameters(template);
  const values = Object.entries(given).map(([name, value]) => [name, hidden.has(name) ? pulumi.secret(value) : value]);
  return {
    ...Object.fromEntries(values),
    ...(ASSET_BUCKET in section(template, 'Parameters') ? { [ASSET_BUCKET]: assetBucket! } : {}),
  };
}

function defaultStackName(name: string): string {
  return `${pulumi.getProject()}-${pulumi.getStack()}-${name}`.replace(/[^A-Za-z0-9-]+/g, '-');
}

/** Templates and assets are stored under the working directory, where uploads find them. */
function outputDirectory(name: string): string {
  return path.resolve('.lintel', 'cdk', defaultStackName(name));
}
