import { readFileSync } from 'node:fs';
import path from 'node:path';
import type * as cdk from 'aws-cdk-lib';
import type * as synthesizer from './asset-synthesizer';
import { ACKNOWLEDGED_RULES } from '../core/model/assembly-metadata';
import { isRecord } from '../core/record';

/** How a stack is built. */
export interface StackSource {
  /** Adds the constructs to an empty stack. */
  readonly build?: (stack: cdk.Stack) => void;
  /** Creates a stack of the team's own class. */
  readonly stack?: (app: cdk.App, props: cdk.StackProps) => cdk.Stack;
  /** Properties of the CDK app. */
  readonly app?: Omit<cdk.AppProps, 'outdir'>;
}

/** A synthesized stack. */
export interface Assembly {
  readonly template: Readonly<Record<string, unknown>>;
  /** The template as uploaded, minified. */
  readonly text: string;
  /** Files to upload; paths are absolute. */
  readonly assets: readonly { readonly key: string; readonly file: string; readonly zip: boolean }[];
  /** Settings that CDK's CLI would deploy it with. */
  readonly settings: Pick<
    cdk.cx_api.CloudFormationStackArtifact,
    'stackName' | 'tags' | 'notificationArns' | 'terminationProtection'
  >;
  /** Warnings of constructs. */
  readonly warnings: readonly string[];
  /** Acknowledgements on the stack and its constructs. */
  readonly acknowledged: readonly { readonly id: string; readonly reason: string; readonly path: string }[];
}

/**
 * Builds and synthesizes one stack.
 * @param id the id of the stack in the app, the root of construct paths
 * @param outdir where templates and assets are written
 * @throws Error when constructs report errors, or there is more than one stack
 */
export function synthesizeStack(id: string, source: StackSource, props: cdk.StackProps, outdir: string): Assembly {
  const { App, Stack } = require('aws-cdk-lib') as typeof cdk;
  const { CDK_APP_MODE_CONTEXT, PATH_METADATA_ENABLE_CONTEXT } = require('aws-cdk-lib/cx-api') as typeof cdk.cx_api;
  const { AssetSynthesizer } = require('./asset-synthesizer') as typeof synthesizer;
  const app = new App({
    analyticsReporting: false,
    ...source.app,
    context: {
      [PATH_METADATA_ENABLE_CONTEXT]: true, // as CDK's command line has it
      [CDK_APP_MODE_CONTEXT]: 'inmemory', // what validation finds is thrown as a whole
      ...source.app?.context,
    },
    outdir,
  });
  const assets = new AssetSynthesizer();
  const stack =
    source.stack?.(app, { ...props, synthesizer: assets }) ?? new Stack(app, id, { ...props, synthesizer: assets });
  if (stack.synthesizer !== assets) {
    throw new Error(
      `'stack' must pass its props on to the Stack it creates, got '${stack.node.path}' without them (${id})`,
    );
  }
  source.build?.(stack);
  const assembly = app.synth();
  assertOneStack(
    id,
    assembly.stacks.map(({ displayName }) => displayName),
  );
  const artifact = assembly.getStackArtifact(stack.artifactId);
  const errors = messages(artifact, 'error');
  if (errors.length > 0) throw new Error(errors.map((message) => `${message}`).join('\n'));
  const missing = assembly.manifest.missing ?? [];
  if (missing.length > 0) {
    throw new Error(
      `'app.context' must have the values that constructs look up, got nothing for '${missing[0]!.key}'; ` +
        `set it, or pass the value to the construct (${id})`,
    );
  }
  const template = JSON.parse(readFileSync(artifact.templateFullPath, 'utf8')) as Record<string, unknown>;
  return {
    template,
    text: JSON.stringify(template),
    assets: [...assets.assets.values()].map((asset) => ({ ...asset, file: path.resolve(outdir, asset.file) })),
    settings: artifact,
    warnings: messages(artifact, 'warning'),
    acknowledged: artifact.findMetadataByType(ACKNOWLEDGED_RULES).flatMap(({ path: at, data }) =>
      Object.entries(isRecord(data) ? data : {}).map(([rule, reason]) => ({
        id: rule,
        reason: String(reason),
        path: at.replace(/^\//, ''),
      })),
    ),
  };
}

function assertOneStack(id: string, stacks: readonly string[]): void {
  if (stacks.length === 1) return;
  throw new Error(
    `a CdkStack must contain only one stack, got ${stacks.map((name) => `'${name}'`).join(', ')}; create a CdkStack for each of them (${id})`,
  );
}

/** Messages from `Annotations`: CDK's CLI prints them, and refuses errors. */
function messages(artifact: cdk.cx_api.CloudFormationStackArtifact, level: 'error' | 'warning'): string[] {
  return artifact.messages
    .filter((message) => String(message.level) === level)
    .map(({ id, entry }) => `${String(entry.data)} (${id.replace(/^\//, '')})`);
}

/** The entries of a section of a template. */
export function section(template: Readonly<Record<string, unknown>>, name: string): Record<string, unknown> {
  const found = template[name];
  return isRecord(found) ? found : {};
}

/** Whether an asset is the template of a nested stack. */
export function isTemplate(file: string): boolean {
  return file.endsWith('.template.json');
}
