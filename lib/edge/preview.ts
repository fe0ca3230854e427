import * as pulumi from '@pulumi/pulumi';
import { isPreviewStack } from '../core/preview-stack';

/**
 * Whether the stack is a preview: one per pull request, deleted with all its data when that is closed. It is one if
 * `pulumi config set lintel:preview true` was run, with the same effects everywhere: nothing in `lintel/edge` or in a `CdkStack` is
 * protected, given names end with the stack's (`orders-pr-17`), Workers answer on workers.dev instead of domains and routes,
 * databases are seeded, and objects in buckets expire after a day.
 *
 * Only stacks whose names start with `pr-` or `preview-` may be previews, so that a setting in the wrong file cannot remove the
 * protection of any other stack: its deployment fails.
 * @throws RunError when any other stack is declared a preview, or the setting is neither `true` nor `false`
 */
export function isPreview(): boolean {
  return isPreviewStack(pulumi);
}

/** Options of a component that holds data: in a preview, nothing is protected. */
export function optionsHere<O extends pulumi.ResourceOptions>(opts: O | undefined): O | undefined {
  return isPreview() && opts?.protect ? { ...opts, protect: false } : opts;
}

/** Whether a resource that holds data is protected: always unless its options say otherwise, and never in a preview. */
export function isProtected(opts: pulumi.ResourceOptions | undefined): boolean {
  return !isPreview() && (opts?.protect ?? true);
}

/** The account's subdomain of workers.dev, `pulumi config set lintel:workersDev acme`; the provider cannot look it up. */
export function workersDevName(): string | undefined {
  return new pulumi.Config('lintel').get('workersDev');
}
