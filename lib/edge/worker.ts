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

/** What all Workers take. */
export interface WorkerArgs extends AccountArgs, TelemetryArgs {
  /** Path of the Worker's module, relative to the working directory; bundled with what it imports. */
  readonly handler: string;
  /**
   * What further files are to the modules that import them, by how their names end: `{ '.md': 'text' }`.
   * @default - `.wasm` is WebAssembly, `.bin` data, and `.txt`, `.html` and `.sql` are text
   * @see https://developers.cloudflare.com/workers/wrangler/bundling/
   */
  readonly modules?: Readonly<Record<string, ModuleKind>>;
  /**
   * What the Worker may use: binding names to capabilities. A binding that is not named here does not exist.
   * @default - nothing
   */
  readonly access?: Access;
  /**
   * Variables, by name: text, or an object or a list, which the Worker finds as it is: `{ LIMITS: { perMinute: 100 } }`. No secrets:
   * the dashboard shows them.
   * @default - none
   */
  readonly environment?: Readonly<Record<string, EdgeVariable>>;
  /**
   * Secrets, by name. They are Pulumi secrets; with one of them all bindings of the Worker are encrypted in the state,
   * because the provider reads them as one list.
   * @default - none
   */
  readonly secrets?: Readonly<Record<string, pulumi.Input<string>>>;
  /**
   * CPU time of one invocation, in milliseconds, from 1 to 300,000. Waiting does not count.
   * @default - the platform's: 30,000 on the paid plan, 10 on the free plan, which does not take this prop
   * @see https://developers.cloudflare.com/workers/platform/limits/#cpu-time
   */
  readonly cpuTime?: number;
  /**
   * The runtime's behaviour that the Worker is pinned to, as YYYY-MM-DD.
   * @default - the date of the runtime in the local run
   * @see https://developers.cloudflare.com/workers/configuration/compatibility-dates/
   */
  readonly compatibilityDate?: string;
  /**
   * Flags of the runtime.
   * @default ['nodejs_compat']
   * @see https://developers.cloudflare.com/workers/configuration/compatibility-flags/
   */
  readonly compatibilityFlags?: readonly string[];
  /**
   * Whether each version that is uploaded has an address of its own on workers.dev, open to everybody. A Worker with Durable Objects
   * has none.
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

/** What the kind of Worker adds. */
export interface WorkerParts {
  /** Further bindings. */
  readonly bindings?: readonly cloudflare.types.input.WorkersScriptBinding[];
  /** Bindings that are known once the program has said everything. */
  readonly late?: Promise<readonly cloudflare.types.input.WorkersScriptBinding[]>;
  /** Static files. */
  readonly assets?: cloudflare.types.input.WorkersScriptAssets;
  /** What was done to the Worker's Durable Object classes, and from where on it is sent. */
  readonly ledger?: Omit<MigrationsToSendArgs, 'script'>;
  /** Whether it answers on workers.dev. */
  readonly workersDev?: boolean;
  /** Where requests are worked on. */
  readonly placement?: EdgePlacement;
  /** How a new version comes to its requests. */
  readonly deploy?: EdgeDeploy;
  /**
   * Whether it is protected against deletion and replacement.
   * @default - as the component is
   */
  readonly protect?: boolean;
}

/** A Worker's resources. */
export interface Worker {
  /** The script: code, bindings and settings; of a Worker with versions, who gets which of them. */
  readonly script: cloudflare.WorkersScript | cloudflare.WorkersDeployment;
  /** Whether it answers on workers.dev, and each of its versions too; a Worker with versions says so itself. */
  readonly subdomain?: cloudflare.WorkersScriptSubdomain;
  /** Its parts, where versions are deployed one by one. */
  readonly gradual?: GradualWorker;
  /** The handlers of its default export; undefined where its code does not show them. */
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
  claimName(parent.constructor.name, name, scriptName);
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
    // A preview goes whoever is bound to it.
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
      // A Worker with Durable Objects keeps the name it says: under another one its objects would be others.
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
