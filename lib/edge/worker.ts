import * as cloudflare from '@pulumi/cloudflare';
import * as pulumi from '@pulumi/pulumi';
import { cloudflare as facts } from '../core/facts';
import type { Bundle, ModuleKind } from './bundle';
import { type Access, valuesOf } from './capability';
import type { AccountArgs } from './check-args';
import { createGradual, type EdgeDeploy, type GradualWorker } from './gradual';
import { type MigrationsToSendArgs, migrationsToSend } from './migrations-to-send';
import { physicalName } from './physical-name';
import { isPreview } from './preview';
import { type EdgePlacement, placementOf } from './placement';
import { type TelemetryArgs, telemetryOf } from './telemetry';
import { type EdgeVariable, variableBinding } from './variables';
import { claimName } from './worker-names';

/** Arguments of every Worker. */
export interface WorkerArgs extends AccountArgs, TelemetryArgs {
  /** Path of the Worker's module, relative to the working directory; bundled with its imports. */
  readonly handler: string;
  /**
   * How to import further kinds of files, by suffix: `{ '.md': 'text' }`.
   * @default - `.wasm` is WebAssembly, `.bin` data, and `.txt`, `.html` and `.sql` are text
   * @see https://developers.cloudflare.com/workers/wrangler/bundling/
   */
  readonly modules?: Readonly<Record<string, ModuleKind>>;
  /**
   * What the Worker may use: capabilities by binding name. A binding not named here does not exist.
   * @default - nothing
   */
  readonly access?: Access;
  /**
   * Variables by name: text, or an object or a list, which the Worker gets as such: `{ LIMITS: { perMinute: 100 } }`. No secrets:
   * the dashboard shows them.
   * @default - none
   */
  readonly environment?: Readonly<Record<string, EdgeVariable>>;
  /**
   * Secrets by name, stored as Pulumi secrets; a single one encrypts all bindings of the Worker in the state,
   * because the provider reads them as one list.
   * @default - none
   */
  readonly secrets?: Readonly<Record<string, pulumi.Input<string>>>;
  /**
   * CPU time of one invocation, in milliseconds, from 1 to 300,000. Waiting does not count.
   * @default - the platform's default: 30,000 on the paid plan, 10 on the free plan, which does not support this prop
   * @see https://developers.cloudflare.com/workers/platform/limits/#cpu-time
   */
  readonly cpuTime?: number;
  /**
   * The compatibility date the Worker is pinned to, as YYYY-MM-DD.
   * @default - the date of the runtime in the local run
   * @see https://developers.cloudflare.com/workers/configuration/compatibility-dates/
   */
  readonly compatibilityDate?: string;
  /**
   * Compatibility flags.
   * @default ['nodejs_compat']
   * @see https://developers.cloudflare.com/workers/configuration/compatibility-flags/
   */
  readonly compatibilityFlags?: readonly string[];
  /**
   * Whether each uploaded version has its own URL on workers.dev, open to anyone. Not available for a Worker with Durable
   * Objects.
   * @default false
   * @see https://developers.cloudflare.com/workers/configuration/previews/
   */
  readonly previewUrls?: boolean;
  /**
   * The Worker's name, unique in the account, of at most 63 characters.
   * @default - from project, stack and the component's name
   */
  readonly scriptName?: pulumi.Input<string>;
}

/** What a kind of Worker adds. */
export interface WorkerParts {
  /** Further bindings. */
  readonly bindings?: readonly cloudflare.types.input.WorkersScriptBinding[];
  /** Bindings known only once the whole program has been evaluated. */
  readonly late?: Promise<readonly cloudflare.types.input.WorkersScriptBinding[]>;
  /** Static files. */
  readonly assets?: cloudflare.types.input.WorkersScriptAssets;
  /** Migrations of the Worker's Durable Object classes, and where they start. */
  readonly ledger?: Omit<MigrationsToSendArgs, 'script'>;
  /** Whether it answers on workers.dev. */
  readonly workersDev?: boolean;
  /** Where requests are processed. */
  readonly placement?: EdgePlacement;
  /** How a new version is rolled out. */
  readonly deploy?: EdgeDeploy;
  /**
   * Whether it is protected against deletion and replacement.
   * @default - like the component
   */
  readonly protect?: boolean;
}

/** A Worker's resources. */
export interface Worker {
  /** The script: code, bindings and settings; for a Worker with versions, the deployment. */
  readonly script: cloudflare.WorkersScript | cloudflare.WorkersDeployment;
  /** Whether it and its versions answer on workers.dev; a Worker with versions sets that itself. */
  readonly subdomain?: cloudflare.WorkersScriptSubdomain;
  /** Its parts, if versions are deployed separately. */
  readonly gradual?: GradualWorker;
  /** The handlers of its default export; undefined if the code does not reveal them. */
  readonly handlers?: readonly string[];
}

/**
 * Creates a Worker with logs, source map, pinned runtime and exactly the bindings of its `access`.
 * @param parent the component; its children are `<name>-worker` and `<name>-workers-dev`
 */
export function createWorker(
  parent: pulumi.ComponentResource,
  name: string,
  args: WorkerArgs & Required<AccountArgs>,
  code: Bundle,
  { bindings = [], late, assets, ledger, workersDev = false, placement, deploy, protect }: WorkerParts = {},
): Worker {
  const { accountId } = args;
  const { value: scriptName, ignoreChanges } = physicalName(
    args.scriptName,
    deploy ? `${name}-gradual` : name,
    'scriptName',
  );
  claimName(parent.constructor.name, name, { scriptName, accountId });
  const secret =
    Object.keys(args.secrets ?? {}).length > 0 ||
    Object.values(args.access ?? {}).some(({ binding }) => binding.type === 'secret_text');
  const script = {
    accountId,
    scriptName,
    mainModule: code.main.name,
    contentFile: code.main.file,
    contentSha256: code.main.sha256,
    files: Object.fromEntries(
      code.files.map(({ name: part, file, sha256, contentType }) => [
        part,
        { contentFile: file, contentSha256: sha256, contentType },
      ]),
    ),
    compatibilityDate: args.compatibilityDate ?? facts.compatibilityDate.value,
    compatibilityFlags: [...(args.compatibilityFlags ?? ['nodejs_compat'])],
    bindings: late
      ? pulumi.output(late.then((more) => sorted([...bindingsOf(name, args), ...bindings, ...more])))
      : sorted([...bindingsOf(name, args), ...bindings]),
    ...telemetryOf(args),
    limits: args.cpuTime === undefined ? undefined : { cpuMs: args.cpuTime },
    assets,
    // A preview can be deleted even while others bind to it.
    force: isPreview() || undefined,
    placement: placementOf(placement),
  };
  if (deploy) {
    const { previewUrls = false } = args;
    const gradual = createGradual(parent, name, script, code, {
      ...deploy,
      workersDev,
      previewUrls,
      ignoreChanges,
      secret,
    });
    return { script: gradual.deployment, gradual, handlers: code.handlers };
  }
  const worker = new cloudflare.WorkersScript(
    `${name}-worker`,
    { ...script, migrations: ledger && migrationsToSend(`${name}-migrations`, { script, ...ledger }, { parent }) },
    {
      parent,
      protect,
      // A Worker with Durable Objects keeps its declared name: under another one it would have other objects.
      ignoreChanges: ledger ? undefined : ignoreChanges,
      additionalSecretOutputs: secret ? ['bindings'] : undefined,
    },
  );
  const subdomain = new cloudflare.WorkersScriptSubdomain(
    `${name}-workers-dev`,
    { accountId, scriptName: worker.scriptName, enabled: workersDev, previewsEnabled: args.previewUrls ?? false },
    { parent },
  );
  return { script: worker, subdomain, handlers: code.handlers };
}

function sorted(
  bindings: cloudflare.types.input.WorkersScriptBinding[],
): cloudflare.types.input.WorkersScriptBinding[] {
  return bindings.sort((a, b) => (String(a.name) < String(b.name) ? -1 : 1));
}

function bindingsOf(component: string, { access = {}, environment = {}, secrets = {} }: WorkerArgs) {
  return [
    ...Object.entries(access).map(([name, { binding }]) => ({ name, ...binding })),
    ...valuesOf(access).map(({ name, text }) => ({ name, type: 'plain_text', text })),
    ...Object.entries(environment).map(([name, value]) => variableBinding(component, name, value)),
    ...Object.entries(secrets).map(([name, text]) => ({ name, type: 'secret_text', text: pulumi.secret(text) })),
  ];
}
