import type { AccessChange, AccessDiff } from './diff';
import type { PrincipalKind } from '../core/iam/principals';

/** A reviewed change of access. */
export interface AcceptedChange {
  /** The change, by its id. */
  readonly change: string;
  /** Why it is accepted. */
  readonly reason: string;
  /**
   * The last day of the acceptance, as YYYY-MM-DD.
   * @default - it does not end
   */
  readonly expires?: string;
}

/** How to review a diff. */
export interface ReviewOptions {
  /**
   * Reviewed changes.
   * @default - none
   */
  readonly accepted?: readonly AcceptedChange[];
  /**
   * How access of new resources counts: `refuse` counts it as widened, `review` lists it separately.
   * Access of outsiders, and what cannot be judged, always counts.
   * @default 'refuse'
   */
  readonly newPrincipals?: 'refuse' | 'review';
  /** The day of the review, as YYYY-MM-DD. */
  readonly today: string;
}

/** A diff, split by what counts. */
export interface ReviewedDiff extends AccessDiff {
  /** Access of new resources, to be reviewed. */
  readonly review: readonly AccessChange[];
  /** Accepted widenings. */
  readonly accepted: readonly { readonly change: AccessChange; readonly reason: string; readonly expires?: string }[];
  /** Acceptances that have expired or match no change. */
  readonly stale: readonly { readonly accepted: AcceptedChange; readonly problem: string }[];
}

/** Principals outside the templates. */
const OUTSIDE: readonly PrincipalKind[] = ['anyone', 'account', 'service', 'provider', 'unknown', 'user'];

/** Splits widenings by whether they count. An acceptance covers exactly the change it names. */
export function review(diff: AccessDiff, { accepted = [], newPrincipals, today }: ReviewOptions): ReviewedDiff {
  const holding = new Map(
    accepted.filter(({ expires }) => expires === undefined || expires >= today).map((one) => [one.change, one]),
  );
  const isReviewed = ({ reason, principal, problem }: AccessChange) =>
    newPrincipals === 'review' &&
    reason === 'new principal' &&
    problem === undefined &&
    !OUTSIDE.includes(principal.kind);
  const counting = diff.widened.filter(({ id }) => !holding.has(id));
  const found = new Set(diff.widened.map(({ id }) => id));
  return {
    ...diff,
    widened: counting.filter((change) => !isReviewed(change)),
    review: counting.filter(isReviewed),
    accepted: diff.widened.flatMap((change) => {
      const one = holding.get(change.id);
      return one ? [{ change, reason: one.reason, ...(one.expires !== undefined && { expires: one.expires }) }] : [];
    }),
    stale: accepted.flatMap((one) => {
      if (!found.has(one.change)) return [{ accepted: one, problem: 'is no longer a change' }];
      return holding.has(one.change) ? [] : [{ accepted: one, problem: `ended on ${one.expires}` }];
    }),
  };
}
