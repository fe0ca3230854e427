import { createHash } from 'node:crypto';
import * as cloudflare from '@pulumi/cloudflare';
import * as pulumi from '@pulumi/pulumi';
import type { Check } from '../core/check/check';
import { needed, number, object } from '../core/check/kinds';
import type { Bundle } from './bundle';
import { isPreview } from './preview';

/** How a new version of a Worker comes to its requests. */
export interface EdgeDeploy {
  /**
   * The share of requests that the newest version gets, in percent, from 0.01 to 100. The others go to the version that had most of
   * them when it came. The very first version gets all.
   */
  readonly percentage: number;
}

/** How a new version comes, as it is written. */
export const DEPLOY = object<EdgeDeploy>(
  { percentage: needed(number, 'give the share of requests in percent') },
  '{ percentage: 10 }',
);

/** The rows for how a new version comes. */
export function deployChecks(deploy: EdgeDeploy | undefined, scriptName: pulumi.Input<string> | undefined): Check[] {
  return [
    {
      prop: 'deploy.percentage',
      value: deploy?.percentage,
      valid: () => deploy === undefined || (deploy.percentage >= 0.01 && deploy.percentage <= 100),
      rule: 'must be a share of requests from 0.01 to 100 percent',
      remedy: 'begin with 10; 100 ends it',
    },
    {
      prop: 'deploy.percentage',
      value: deploy?.percentage,
      valid: () => deploy === undefined || Number(deploy.percentage.toFixed(2)) === deploy.percentage,
      rule: 'must have two decimals at most: the shares of both versions must be 100 percent together',
      remedy: 'round it',
    },
    {
      prop: 'scriptName',
      value: undefined,
      sensitive: true,
      valid: () => deploy === undefined || scriptName === undefined,
      rule: "must not be given beside 'deploy': a Worker of that name that is there already would be in its way",
      remedy: 'leave it out: the Worker gets a name of its own, and takes over when it is there',
    },
  ];
}

/** A Worker whose versions are deployed one by one. */
export interface GradualWorker {
  /** What is the same for all versions. */
  readonly worker: cloudflare.Worker;
  /** The newest version: code, bindings and settings. */
  readonly version: cloudflare.WorkerVersion;
  /** Who gets which version. */
  readonly deployment: cloudflare.WorkersDeployment;
}

/** The inputs of a Worker that is one resource. */
export type ScriptInputs = Omit<cloudflare.WorkersScriptArgs, 'content' | 'assets'>;

/**
 * A Worker with versions: `<name>-worker`, `<name>-version`, `<name>-deployment`, and the stash `<name>-before` with the version
 * that was there before. Versions and deployments are never taken back: a version that is replaced still has its requests.
 */
export function createGradual(
  parent: pulumi.ComponentResource,
  name: string,
  script: ScriptInputs,
  code: Bundle,
  how: EdgeDeploy & {
    readonly workersDev: boolean;
    readonly previewUrls: boolean;
    readonly ignoreChanges?: string[];
    readonly secret: boolean;
  },
): GradualWorker {
  const { accountId, scriptName, bindings, compatibilityDate, compatibilityFlags, limits, mainModule } = script;
  const worker = new cloudflare.Worker(
    `${name}-worker`,
    {
      accountId,
      name: scriptName,
      observability: script.observability,
      logpush: script.logpush,
      tailConsumers: pulumi.output(script.tailConsumers).apply((all) => all?.map(({ service }) => ({ name: service }))),
      subdomain: { enabled: how.workersDev, previewsEnabled: how.previewUrls },
      force: script.force,
    },
    { parent, ignoreChanges: how.ignoreChanges?.map(() => 'name') },
  );
  const inputs = {
    bindings,
    compatibilityDate,
    compatibilityFlags,
    limits,
    mainModule,
    modules: modulesOf(code),
    placement: script.placement,
  };
  const version = new cloudflare.WorkerVersion(
    `${name}-version`,
    { accountId, workerId: worker.id, ...(inputs as Omit<cloudflare.WorkerVersionArgs, 'accountId' | 'workerId'>) },
    { parent, retainOnDelete: true, additionalSecretOutputs: how.secret ? ['bindings'] : undefined },
  );
  const before = versionBefore(`${name}-before`, { accountId, scriptName, inputs }, { parent });
  const percentage = isPreview() ? 100 : how.percentage;
  const deployment = new cloudflare.WorkersDeployment(
    `${name}-deployment`,
    {
      accountId,
      scriptName: worker.name,
      strategy: 'percentage',
      versions: pulumi.all([version.id, before]).apply(([newest, other]) => sharesOf(newest, other, percentage)),
    },
    { parent, retainOnDelete: true },
  );
  return { worker, version, deployment };
}

function modulesOf({ main, files }: Bundle): cloudflare.types.input.WorkerVersionModule[] {
  return [main, ...files].map(({ name, file, contentType }) => ({ name, contentFile: file, contentType }));
}

function sharesOf(newest: string, other: string | undefined, percentage: number) {
  if (other === undefined || percentage === 100) return [{ versionId: newest, percentage: 100 }];
  return [
    { versionId: newest, percentage },
    { versionId: other, percentage: Math.round((100 - percentage) * 100) / 100 },
  ];
}

/**
 * The version that had most requests when the newest one came, and the very same for as long as that is the newest: so a preview after
 * a deployment shows no change, and a larger share is taken from the same version.
 */
function versionBefore(
  name: string,
  {
    accountId,
    scriptName,
    inputs,
  }: { accountId: pulumi.Input<string>; scriptName: pulumi.Input<string>; inputs: object },
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string | undefined> {
  const { parent } = opts;
  const live = pulumi
    .all([accountId, scriptName, cloudflare.getWorkersScriptsOutput({ accountId }, { parent }).results])
    .apply(async ([account, own, workers]) => {
      // Nothing is asked of a Worker that is not there yet.
      if (!workers?.some(({ id }) => id === own)) return null;
      const { results } = await cloudflare.getWorkersDeployments({ accountId: account, scriptName: own }, { parent });
      return mostOf(results.flatMap(({ deployments }) => deployments)) ?? null;
    });
  const fingerprint = pulumi
    .output(inputs)
    .apply((all) => createHash('sha256').update(JSON.stringify(all)).digest('hex'));
  const stash = new pulumi.Stash(
    name,
    { input: live },
    { ...opts, ignoreChanges: ['input'], replacementTrigger: fingerprint },
  );
  return stash.output.apply((kept: string | null) => kept ?? undefined);
}

interface Deployment {
  readonly createdOn: string;
  readonly versions: readonly { readonly versionId: string; readonly percentage: number }[];
}

/** The version that most requests go to by the last deployment; of two with the same share the older one, which is named last. */
export function mostOf(deployments: readonly Deployment[]): string | undefined {
  const last = [...deployments].sort((a, b) => (a.createdOn < b.createdOn ? 1 : -1))[0];
  return last?.versions.reduce((most, one) => (one.percentage >= most.percentage ? one : most), last.versions[0]!)
    .versionId;
}
