import { createHash } from 'node:crypto';
import * as cloudflare from '@pulumi/cloudflare';
import * as pulumi from '@pulumi/pulumi';
import type { Check } from '../core/check/check';
import { needed, number, object } from '../core/check/kinds';
import { deploymentShare } from '../core/facts/cloudflare';
import { within } from '../core/facts/fact';
import type { Bundle } from './bundle';
import { isPreview } from './preview';

const SHARE = deploymentShare.value;

/** How a new version of a Worker is rolled out. */
export interface EdgeDeploy {
  /**
   * Share of requests that the newest version gets, in percent, from 0.01 to 100. The rest go to the version that had most of
   * them before. The very first version gets all.
   */
  readonly percentage: number;
}

/** Shape of a gradual deployment. */
export const DEPLOY = object<EdgeDeploy>(
  { percentage: needed(number, 'give the share of requests in percent') },
  '{ percentage: 10 }',
);

/** Checks of a gradual deployment. */
export function deployChecks(deploy: EdgeDeploy | undefined, scriptName: pulumi.Input<string> | undefined): Check[] {
  return [
    {
      prop: 'deploy.percentage',
      value: deploy?.percentage,
      valid: () => deploy === undefined || within(SHARE, deploy.percentage),
      rule: `must be a share of requests from ${SHARE.min} to ${SHARE.max} percent`,
      remedy: 'start with 10; 100 completes the rollout',
    },
    {
      prop: 'deploy.percentage',
      value: deploy?.percentage,
      valid: () => deploy === undefined || Number(deploy.percentage.toFixed(2)) === deploy.percentage,
      rule: 'must have at most two decimals: the shares of both versions must add up to 100 percent',
      remedy: 'round it',
    },
    {
      prop: 'scriptName',
      value: undefined,
      sensitive: true,
      valid: () => deploy === undefined || scriptName === undefined,
      rule: "must not be given with 'deploy': an existing Worker of that name would be in the way",
      remedy: 'leave it out: the Worker gets a new name, and takes over once it exists',
    },
  ];
}

/** A Worker whose versions are deployed separately. */
export interface GradualWorker {
  /** What all versions share. */
  readonly worker: cloudflare.Worker;
  /** The newest version: code, bindings and settings. */
  readonly version: cloudflare.WorkerVersion;
  /** Which share of requests each version gets. */
  readonly deployment: cloudflare.WorkersDeployment;
}

/** Inputs of a Worker that is a single resource. */
export type ScriptInputs = Omit<cloudflare.WorkersScriptArgs, 'content' | 'assets'>;

/**
 * A Worker with versions: `<name>-worker`, `<name>-version`, `<name>-deployment`, and the stash `<name>-before` with the previous
 * version. Versions and deployments are never deleted: a replaced version still serves requests.
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
 * The version that had most requests when the newest one arrived; constant for as long as that is the newest: so a preview after
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
      // A Worker that does not exist yet has no deployments.
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

/** The version with most requests in the last deployment; of two with equal shares the older one, which is listed last. */
export function mostOf(deployments: readonly Deployment[]): string | undefined {
  const last = [...deployments].sort((a, b) => (a.createdOn < b.createdOn ? 1 : -1))[0];
  return last?.versions.reduce((most, one) => (one.percentage >= most.percentage ? one : most), last.versions[0]!)
    .versionId;
}
