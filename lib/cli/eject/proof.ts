import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, CfnResource, Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type * as esbuild from 'esbuild';
import { esbuildTransform } from '../../core/bundle/esbuild';
import { isRecord, type JsonObject } from '../../core/record';
import type { Ejected } from './ejected';
import { sectionOf, type Selection } from './selection';

/**
 * Where the code differs from the template, or why it cannot be run: for instance, a package it needs is not installed.
 * @returns empty where it gives the same template
 */
export function proof(selection: Selection, ejected: Ejected): readonly string[] {
  try {
    return differences(selection, ejected);
  } catch (error) {
    const reason = (error as Error).message.split('\n').at(-1)!;
    return [`the code could not be run, so nothing shows that it gives the same template: ${reason}`];
  }
}

/**
 * Runs the code, and compares what it synthesizes with the template: resources, their ids, properties, policies, conditions,
 * dependencies and metadata, and outputs. Where an asset is found is left out: its hash is that of a bundle.
 * @returns where the two differ; empty where they are the same
 */
function differences(selection: Selection, { text, className, props }: Ejected): readonly string[] {
  const outdir = mkdtempSync(path.join(tmpdir(), 'lintel-eject-'));
  try {
    const app = new App({ outdir, builtinCloudFormationValidation: false, analyticsReporting: false });
    const stack = new Stack(app, 'Ejected');
    const given = Object.fromEntries(
      props.map(({ name, stands }) => [
        name,
        typeof stands === 'string' ? other(stack, stands) : Token.asString(stands),
      ]),
    );
    new (classOf(text, className))(stack, 'Construct', given);
    const file = app.synth().getStackByName('Ejected').templateFullPath;
    return compared(selection, JSON.parse(readFileSync(file, 'utf8')) as JsonObject);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

type Made = new (scope: Construct, id: string, props: JsonObject) => Construct;

function classOf(text: string, className: string): Made {
  const module = { exports: {} as Record<string, unknown> };
  // The code was generated a moment ago, from a template.
  const run = new Function('module', 'exports', 'require', esbuildTransform(text)) as (...given: unknown[]) => void;
  run(module, module.exports, imported);
  return module.exports[className] as Made;
}

/** What the code imports. Its bundler prints nothing of its own: what fails is told of by us. */
function imported(name: string): unknown {
  if (name !== 'esbuild') return require(name);
  const bundler = require(name) as typeof esbuild;
  return {
    ...bundler,
    buildSync: (options: esbuild.BuildOptions) => bundler.buildSync({ ...options, logLevel: 'silent' }),
  };
}

function other(stack: Stack, logicalId: string): CfnResource {
  const resource = new CfnResource(stack, logicalId, { type: 'AWS::CloudFormation::WaitConditionHandle' });
  resource.overrideLogicalId(logicalId);
  return resource;
}

function compared({ template, resources, outputs, paths }: Selection, made: JsonObject): readonly string[] {
  const difference = (section: string, id: string): readonly string[] => {
    const [is, was] = [made, template].map((one) => comparable(sectionOf(one, section)[id]));
    if (is === undefined) return [`${paths.get(id)} (${id}): is missing`];
    return differing(was, is).map((place) => `${paths.get(id)} (${id}): ${place} differs`);
  };
  return [
    ...resources
      .filter((id) => sectionOf(template, 'Resources')[id]!.Type !== 'AWS::CDK::Metadata')
      .flatMap((id) => difference('Resources', id)),
    ...outputs.flatMap((id) => difference('Outputs', id)),
  ];
}

/** Without origin metadata, and with dependency lists sorted. */
function comparable(value: unknown, name?: string): unknown {
  if (name === 'DependsOn') return [value].flat().sort();
  if (Array.isArray(value)) return value.map((one) => comparable(one));
  if (!isRecord(value)) return value;
  const entries = Object.entries(value)
    .filter(([key]) => !/^aws:(cdk:path|asset:)/.test(key))
    .map(([key, one]) => [key, isAsset(value, key) ? 'an asset' : comparable(one, key)] as const)
    .filter(([key, one]) => key !== 'Metadata' || Object.keys(one as object).length > 0);
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}

const isAsset = (value: JsonObject, key: string): boolean =>
  (key === 'S3Bucket' || key === 'S3Key') && typeof value.S3Key === 'string' && /[0-9a-f]{64}/.test(value.S3Key);

/** Places in which two values differ. */
function differing(was: unknown, is: unknown, place = ''): readonly string[] {
  if (JSON.stringify(was) === JSON.stringify(is)) return [];
  if (!isRecord(was) || !isRecord(is)) return [place || 'it'];
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].flatMap((key) =>
    differing(was[key], is[key], place === '' ? key : `${place}.${key}`),
  );
}
