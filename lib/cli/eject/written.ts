import type { Prop } from './outside';

/** The parts of the file. */
export interface FileText {
  readonly construct: string;
  readonly className: string;
  /** Modules of `aws-cdk-lib`, by the names under which they are imported. */
  readonly modules: ReadonlyMap<string, string>;
  readonly props: readonly Prop[];
  /** Declarations of what others of the stack use. */
  readonly fields: readonly string[];
  /** Statements of the constructor. */
  readonly body: readonly string[];
  /** Functions that the statements call. */
  readonly helpers: ReadonlySet<'bundled' | 'staged'>;
  readonly notes: readonly string[];
}

/** The file that takes the place of a construct. */
export function written(file: FileText): string {
  const { className, props, fields, body, helpers } = file;
  const hasProps = props.length > 0;
  const parts = [
    importsOf(file),
    ...(hasProps ? [propsOf(file)] : []),
    `${docOf(file)}
export class ${className} extends Construct {
${fields.map((field) => `  ${field}\n`).join('')}${fields.length > 0 ? '\n' : ''}  constructor(scope: Construct, id: string${hasProps ? `, props: ${className}Props` : ''}) {
    super(scope, id);

${body.join('\n\n')}
  }
}`,
    ...(helpers.has('bundled') ? [BUNDLED] : []),
    ...(helpers.has('staged') ? [STAGED] : []),
  ];
  return `${parts.join('\n\n')}\n`;
}

function importsOf({ modules, helpers, body, props }: FileText): string {
  const text = body.join('\n');
  const cdk = helpers.has('bundled') || /\bcdk\./.test(text) || props.some(({ type }) => type.startsWith('cdk.'));
  const lines = [
    ...(helpers.has('bundled') ? [`import { cpSync } from 'node:fs';`] : []),
    ...(helpers.has('bundled')
      ? [`import { join${/\bresolve\(/.test(text) ? ', resolve' : ''} } from 'node:path';`]
      : []),
    ...(cdk ? [`import * as cdk from 'aws-cdk-lib';`] : []),
    ...[...modules].sort().map(([name, path]) => `import * as ${name} from 'aws-cdk-lib/${path}';`),
    ...(helpers.size > 0 ? [`import { Asset } from 'aws-cdk-lib/aws-s3-assets';`] : []),
    `import { Construct } from 'constructs';`,
    ...(helpers.has('bundled') ? [`import { type BuildOptions, buildSync } from 'esbuild';`] : []),
  ];
  return lines.join('\n');
}

function propsOf({ className, construct, props }: FileText): string {
  const members = props.map(
    ({ name, type, doc }) => `  /** ${doc.replaceAll('*/', '* /')} */\n  readonly ${name}: ${type};`,
  );
  return `/** What ${construct} needs from other constructs. */\nexport interface ${className}Props {\n${members.join('\n')}\n}`;
}

function docOf({ construct, notes }: FileText): string {
  const lines = [
    `${construct}, written by 'lintel eject'. It keeps the deployed logical ids: use one instance, in the same stack.`,
    ...notes.map((note) => `- ${note}`),
  ];
  return `/**\n${lines.map((line) => ` * ${line.replaceAll('*/', '* /')}`).join('\n')}\n */`;
}

const BUNDLED = `/** The code of a function: a bundled module, plus the files of a folder. */
function bundled(scope: Construct, id: string, entry: string, options: BuildOptions = {}, folder?: string) {
  const outdir = join(cdk.Stage.of(scope)!.outdir, 'bundles', cdk.Names.nodeUniqueId(scope.node), id);
  buildSync({
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    external: ['@aws-sdk/*', '@smithy/*'], // the runtime has them
    minifySyntax: true,
    minifyWhitespace: true,
    sourcemap: true,
    sourcesContent: false,
    ...options,
    entryPoints: { index: entry },
    outdir,
  });
  if (folder !== undefined) cpSync(folder, outdir, { recursive: true });
  const asset = new Asset(scope, id, { path: outdir, deployTime: true });
  return { s3Bucket: asset.s3BucketName, s3Key: asset.s3ObjectKey };
}`;

const STAGED = `/** The code of a function, as it was built. */
function staged(scope: Construct, id: string, path: string) {
  const asset = new Asset(scope, id, { path, deployTime: true });
  return { s3Bucket: asset.s3BucketName, s3Key: asset.s3ObjectKey };
}`;
