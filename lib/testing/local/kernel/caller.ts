import type { PolicyDocument } from '../../../access';

/** A caller whose requests are judged by policies. */
export interface Caller {
  /** What their requests are signed with. */
  readonly accessKeyId: string;
  /** For messages and the report: a function's construct path, or a name that the test chose. */
  readonly name: string;
  /** The ARN of a session or user, as in CloudTrail and error messages. */
  readonly arn: string;
  /** Their policies; `everything` for the tests themselves. */
  readonly policies: CallerPolicies | 'everything';
}

/** The policies of a caller. */
export interface CallerPolicies {
  readonly identity: readonly PolicyDocument[];
  /** The permissions boundary, if any. */
  readonly boundary?: PolicyDocument;
  /** The policy of a session, which limits what the role may do. */
  readonly session?: PolicyDocument;
}
