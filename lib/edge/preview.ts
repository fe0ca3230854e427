import * as pulumi from '@pulumi/pulumi';
import { isPreviewStack } from '../core/preview-stack';

/**
 * Whether the stack is a preview: one for a pull request, which goes with all its data when that is closed. It is one where
 * `pulumi config set lintel:preview true` was said, and what follows is the same everywhere: nothing of `lintel/edge` and of a `CdkStack` is protected,
 * names that are given end with the stack's (`orders-pr-17`), Workers answer on workers.dev in the place of domains and routes,
 * databases are seeded, and objects of buckets go after a day.
 *
 * Only stacks whose names begin with `pr-` or `preview-` may be previews, so that a setting in the wrong file takes the protection of
 * no other stack away: its deployment fails.
 * @throws RunError when another stack is told that it is a preview, or the setting is neither `true` nor `false`
 */
export function isPreview(): boolean {
  return isPreviewStack(pulumi);
}

/** Options of a component that holds data: what a program protects is not protected in a preview. */
export function optionsHere<O extends pulumi.ResourceOptions>(opts: O | undefined): O | undefined {
  return isPreview() && opts?.protect ? { ...opts, protect: false } : opts;
}

/** Whether a resource that holds data is protected: always where its options do not say otherwise, and never in a preview. */
export function isProtected(opts: pulumi.ResourceOptions | undefined): boolean {
  return !isPreview() && (opts?.protect ?? true);
}

/** The account's name on workers.dev, `pulumi config set lintel:workersDev acme`; the provider does not know it. */
export function workersDevName(): string | undefined {
  return new pulumi.Config('lintel').get('workersDev');
}
