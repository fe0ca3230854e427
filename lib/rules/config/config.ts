import type { Severity } from '../rule';

/** A set of rules to begin with. */
export const PROFILES = ['essential', 'all'] as const;

/**
 * `essential`: what AWS or Cloudflare rejects, what loses data, what exposes it. `all`: advice too.
 */
export type Profile = (typeof PROFILES)[number];

/** What becomes of a rule. */
export const RULE_SETTINGS = ['error', 'warning', 'off'] as const;

/** A severity that a rule has instead of its own, also where the profile leaves it out; or `off`. */
export type RuleSetting = Severity | 'off';

/** What becomes of access that a new resource has. */
export const NEW_PRINCIPALS = ['refuse', 'review'] as const;

/** A change of access that was reviewed. */
export interface AcceptedChange {
  /** The change, by the id that `lintel access --diff` prints. */
  readonly change: string;
  /** Why it is accepted. */
  readonly reason: string;
  /** The last day on which that holds, as YYYY-MM-DD. */
  readonly expires?: string;
}

/** What a project says about how it is judged, in `lintel.yaml`. */
export interface Config {
  /** The file. */
  readonly file: string;
  /**
   * The rules to begin with.
   * @default 'all'
   */
  readonly profile?: Profile;
  /** What becomes of single rules, by id. */
  readonly rules: Readonly<Record<string, RuleSetting>>;
  /** Whether a file, a template or the home of one, is not to be judged. */
  readonly ignores: (file: string) => boolean;
  /** Changes of access that were reviewed. */
  readonly acceptedChanges: readonly AcceptedChange[];
  /**
   * Whether what a new resource may do counts as widened access, or is only shown.
   * @default 'refuse'
   */
  readonly newPrincipals?: (typeof NEW_PRINCIPALS)[number];
}
