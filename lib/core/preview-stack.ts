/** What a stack is called that may be a preview. Nobody deploys production to `pr-17`. */
const NAMES = /^(pr|preview)-[a-z0-9]+(-[a-z0-9]+)*$/;

/** What of Pulumi's SDK says which stack is deployed, and how. */
export interface StackSdk {
  readonly Config: new (name: string) => { get(key: string): string | undefined };
  readonly RunError: new (message: string) => Error;
  getStack(): string;
}

/**
 * Whether the stack is a preview.
 * @param sdk Pulumi's SDK, which programs for AWS need not have
 * @throws RunError when a stack is told so that may not be one, or the setting is neither `true` nor `false`
 */
export function isPreviewStack(sdk: StackSdk): boolean {
  const setting = new sdk.Config('lintel').get('preview');
  const fault = previewFault(setting, sdk.getStack());
  if (fault !== undefined) throw new sdk.RunError(fault);
  return setting === 'true';
}

/**
 * What is wrong with the setting that makes a stack a preview; undefined where nothing is.
 * @param setting the configuration `lintel:preview`
 * @param stack the name of the stack
 */
function previewFault(setting: string | undefined, stack: string): string | undefined {
  if (setting === undefined || setting === 'false') return undefined;
  if (setting !== 'true') return `'lintel:preview' must be true or false, got '${setting}'; set it only for a preview`;
  if (NAMES.test(stack)) return undefined;
  return (
    `'lintel:preview' must be set only for stacks whose names begin with 'pr-' or 'preview-', got '${stack}': ` +
    "it removes all protection; run 'pulumi config rm lintel:preview' here, and name a preview after its pull request, 'pr-17'"
  );
}
