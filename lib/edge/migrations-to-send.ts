import { createHash } from 'node:crypto';
import * as cloudflare from '@pulumi/cloudflare';
import * as pulumi from '@pulumi/pulumi';
import { type DurableObjectMigration, pendingMigrations } from './migration-ledger';

/** What determines the migrations in a Worker's upload. */
export interface MigrationsToSendArgs {
  /**
   * All other inputs of the script. Anything that makes the provider upload it again must be included: the provider sends the
   * migrations with every upload.
   */
  readonly script: Omit<cloudflare.WorkersScriptArgs, 'migrations'>;
  /** All migrations, oldest first. */
  readonly ledger: readonly DurableObjectMigration[];
  /** The tag whose classes a Worker without tags already has. */
  readonly adopt?: string;
}

/**
 * The `migrations` input of a script: what is pending when anything about the script changes, and the same value
 * as long as nothing does. So each migration is sent once, and a preview after a deployment shows no change.
 *
 * The value is kept in a Pulumi `Stash`, which is replaced (and with it the value) exactly when a
 * fingerprint of the script's inputs and the ledger changes. See decisions/007-durable-object-ledger.md.
 */
export function migrationsToSend(
  name: string,
  { script, ledger, adopt }: MigrationsToSendArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<cloudflare.types.input.WorkersScriptMigrations | undefined> {
  const pending = pulumi
    .all([
      script.scriptName,
      cloudflare.getWorkersScriptsOutput({ accountId: script.accountId }, { parent: opts.parent }).results,
    ])
    .apply(([scriptName, workers]) => {
      const live = workers.find(({ id }) => id === scriptName);
      return pendingMigrations(ledger, live && { tag: live.migrationTag || undefined }, adopt) ?? null;
    });
  const fingerprint = pulumi
    .output({ script, ledger: pulumi.output(ledger) })
    .apply((all) => createHash('sha256').update(JSON.stringify(all)).digest('hex'));
  const stash = new pulumi.Stash(
    name,
    { input: pending },
    { ...opts, ignoreChanges: ['input'], replacementTrigger: fingerprint },
  );
  return stash.output.apply((kept: cloudflare.types.input.WorkersScriptMigrations | null) => kept ?? undefined);
}
