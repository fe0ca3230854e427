import type { SourceLocation, UnreadKind } from '../../core/model/model';
import { distinguish } from '../identity';
import type { Severity } from '../rule';
import { unknownGroups } from './unknown-groups';

/** What the rules say about a model. Its JSON form is a public contract (`./json.ts`). */
export interface Report {
  /** How many of each. */
  readonly summary: Summary;
  /** What breaks a rule and is not acknowledged. */
  readonly findings: readonly ReportedFinding[];
  /** What no rule could judge, since a value is known only at deployment. Not a pass. */
  readonly unknown: readonly ReportedFinding[];
  /** What is deployed and was not read, so that no rule could look at it. A report with any is incomplete. */
  readonly unread: readonly ReportedUnread[];
  /** Findings that somebody accepted, with the reason. */
  readonly acknowledged: readonly AcknowledgedFinding[];
  /** What could not be read or judged at all. A report with failures is incomplete. */
  readonly failures: readonly ReportedFailure[];
  /** Templates in which nothing is of a type that a rule reads, so that no findings say nothing about them. */
  readonly unjudged: readonly string[];
  /** What became of CloudFormation's own validator; absent where there was nothing for it, or nobody asked. */
  readonly validator?: ReportedValidator;
}

/** CloudFormation's own validator: its version, or why it did not run. */
export type ReportedValidator = { readonly version: string } | { readonly missing: string };

/** How many findings of each kind. */
export interface Summary {
  /** Findings of severity `error`. */
  readonly errors: number;
  /** Findings of severity `warning`. */
  readonly warnings: number;
  /** Things that are not known: one that several rules could not judge counts once. */
  readonly unknown: number;
  /** What was not read. */
  readonly unread: number;
  /** Acknowledged findings. */
  readonly acknowledged: number;
}

/** One finding, or one verdict that is unknown. */
export interface ReportedFinding {
  /** The same from run to run, and whatever the hashes of logical ids: `FunctionMemory:Shop/Worker`. */
  readonly id: string;
  /** Id of the rule. */
  readonly rule: string;
  /** How much it weighs. */
  readonly severity: Severity;
  /** Namespace of the tool that found it; absent for Lintel itself. */
  readonly tool?: string;
  /** File of the template, or the name of the program. */
  readonly template: string;
  /** Logical id, or the name of a Pulumi resource; absent where no resource is meant. */
  readonly resource?: string;
  /** Construct path, or the path of names of a Pulumi resource. */
  readonly path?: string;
  /** The property, dotted. */
  readonly property?: string;
  /** What is wrong, or why it is unknown. */
  readonly message: string;
  /** What to do; absent for what is unknown. */
  readonly remedy?: string;
  /** Where it stands in the template. */
  readonly location?: SourceLocation;
  /** Where the program made the resource. */
  readonly origin?: SourceLocation;
  /** The id by which it can be acknowledged: `Lintel::FunctionMemory`. */
  readonly acknowledge: string;
  /** Whether it was acknowledged until a day that has passed. */
  readonly expired?: boolean;
}

/** Something that was not read; its rule says why. */
export interface ReportedUnread extends ReportedFinding {
  /** Why it was not read. */
  readonly kind: UnreadKind;
}

/** A finding that somebody accepted. */
export interface AcknowledgedFinding extends ReportedFinding {
  /** Why. */
  readonly reason: string;
  /** Until which day, as YYYY-MM-DD; absent where it is accepted for good. */
  readonly expires?: string;
  /** The acknowledgement; absent where nobody wrote one: CDK's own resources, the findings of a baseline. */
  readonly by?: {
    /** Its id. */
    readonly id: string;
    /** The construct, or the resource of a template, that it stands on. */
    readonly path: string;
    /** `template` where it stands in the metadata of a resource; absent where it was said on a construct. */
    readonly in?: 'template';
  };
}

/** Something that could not be read or judged. */
export interface ReportedFailure {
  /** The file or directory, or the template. */
  readonly template: string;
  /** What went wrong, and what to do. */
  readonly message: string;
}

/** The parts of a report; what is left out is empty. */
export type ReportParts = Partial<Omit<Report, 'summary'>>;

/** A report of these parts. */
export function reportOf({
  findings = [],
  unknown = [],
  unread = [],
  acknowledged = [],
  failures = [],
  unjudged = [],
  validator,
}: ReportParts): Report {
  const count = (severity: Severity): number => findings.filter((finding) => finding.severity === severity).length;
  return {
    summary: {
      errors: count('error'),
      warnings: count('warning'),
      unknown: unknownGroups(unknown).length,
      unread: unread.length,
      acknowledged: acknowledged.length,
    },
    findings,
    unknown,
    unread,
    acknowledged,
    failures,
    unjudged,
    ...(validator ? { validator } : {}),
  };
}

/** Several reports as one. Ids that two of them share, such as those of two stages of one app, are made to differ. */
export function combined(reports: readonly Report[]): Report {
  const all = reportOf({
    findings: reports.flatMap(({ findings }) => findings),
    unknown: reports.flatMap(({ unknown }) => unknown),
    unread: reports.flatMap(({ unread }) => unread),
    acknowledged: reports.flatMap(({ acknowledged }) => acknowledged),
    failures: reports.flatMap(({ failures }) => failures),
    unjudged: reports.flatMap(({ unjudged }) => unjudged),
  });
  if (reports.length > 1) distinguish([...all.findings, ...all.unknown, ...all.unread, ...all.acknowledged]);
  return all;
}

/** A report that says only that something could not be read or judged. */
export function failed(failure: ReportedFailure): Report {
  return reportOf({ failures: [failure] });
}
