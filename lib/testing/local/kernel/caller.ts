import type { PolicyDocument } from '../../../access';

/** Somebody whose requests are judged by policies. */
export interface Caller {
  /** What their requests are signed with. */
  readonly accessKeyId: string;
  /** For messages and the report: a function's construct path, or a name that the test chose. */
  readonly name: string;
  /** As CloudTrail and error messages show it: the ARN of a session or user. */
  readonly arn: string;
  /** Their policies; `everything` for the tests themselves. */
  readonly policies: CallerPolicies | 'everything';
}

/** The policies of a caller. */
export interface CallerPolicies {
  readonly identity: readonly PolicyDocument[];
  /** The permissions boundary, where there is one. */
  readonly boundary?: PolicyDocument;
  /** The policy of a session, which limits what the role may do. */
  readonly session?: PolicyDocument;
}
