/** A Pulumi program: what it returns becomes the outputs of its stack. */
export type Program = () => unknown;

/** A value of the stack's configuration; objects are written as JSON, as `pulumi config set --path` does. */
export type ConfigValue = unknown;

/** Answers the program's calls to provider functions (`getZone`, `getCallerIdentity`): the result, or undefined if unknown. */
export type Calls = (token: string, inputs: Readonly<Record<string, unknown>>) => unknown;

/** How a program is run offline. */
export interface SynthesizeOptions {
  /**
   * Name of the project.
   * @default 'project'
   */
  readonly project?: string;
  /**
   * Name of the stack.
   * @default 'stack'
   */
  readonly stack?: string;
  /**
   * Configuration by key; `name` is short for `<project>:name`. A secret is written `{ secret: 'value' }`.
   * @default - no configuration
   */
  readonly config?: Readonly<Record<string, ConfigValue>>;
  /**
   * Answers the program's calls to provider functions (`getZone`), by token and inputs; undefined for an unknown result.
   * @default - results are unknown, except the deployment's account and region, which remain references, policy
   * documents, which are computed, and the account's Workers, of which there are none yet
   */
  readonly calls?: Calls;
}
