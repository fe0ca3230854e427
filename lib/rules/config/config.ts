import type { Severity } from '../rule';

/** A starting set of rules. */
export const PROFILES = ['essential', 'all'] as const;

/**
 * `essential`: what AWS or Cloudflare rejects, what loses data, what exposes it. `all`: advice too.
 */
export type Profile = (typeof PROFILES)[number];

/** How a rule is treated. */
export const RULE_SETTINGS = ['error', 'warning', 'off'] as const;

/** A severity that replaces the rule's own, even if the profile leaves the rule out; or `off`. */
export type RuleSetting = Severity | 'off';

/** How the access of a new resource is treated. */
export const NEW_PRINCIPALS = ['refuse', 'review'] as const;

/** A reviewed change of access. */
export interface AcceptedChange {
  /** The change, by the id that `lintel access --diff` prints. */
  readonly change: string;
  /** Why it is accepted. */
  readonly reason: string;
  /** The last day of the acceptance, as YYYY-MM-DD. */
  readonly expires?: string;
}

/** A project's settings in `lintel.yaml`. */
export interface Config {
  /** The file. */
  readonly file: string;
  /**
   * The starting set of rules.
   * @default 'all'
   */
  readonly profile?: Profile;
  /** Settings of individual rules, by id. */
  readonly rules: Readonly<Record<string, RuleSetting>>;
  /** Whether to skip a file: a template, or the program that makes one. */
  readonly ignores: (file: string) => boolean;
  /** Reviewed changes of access. */
  readonly acceptedChanges: readonly AcceptedChange[];
  /**
   * Whether a new resource's access counts as widened, or is only shown.
   * @default 'refuse'
   */
  readonly newPrincipals?: (typeof NEW_PRINCIPALS)[number];
}
