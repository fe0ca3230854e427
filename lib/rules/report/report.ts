import type { SourceLocation, UnreadKind } from '../../core/model/model';
import { distinguish } from '../identity';
import type { Severity } from '../rule';
import { unknownGroups } from './unknown-groups';

/** The rules' verdict on a model. Its JSON form is a public contract (`./json.ts`). */
export interface Report {
  /** The counts. */
  readonly summary: Summary;
  /** Violations that are not acknowledged. */
  readonly findings: readonly ReportedFinding[];
  /** What no rule could judge because a value is known only at deployment. Not a pass. */
  readonly unknown: readonly ReportedFinding[];
  /** What is deployed but was not read, so no rule saw it. A report with any is incomplete. */
  readonly unread: readonly ReportedUnread[];
  /** Findings that somebody accepted, with the reason. */
  readonly acknowledged: readonly AcknowledgedFinding[];
  /** What could not be read or judged at all. A report with failures is incomplete. */
  readonly failures: readonly ReportedFailure[];
  /** Templates without a resource that a rule reads: having no findings says nothing about them. */
  readonly unjudged: readonly string[];
  /** The outcome of CloudFormation's validator; absent if it had nothing to do or was not asked for. */
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
  /** Unknown things: one that several rules could not judge counts once. */
  readonly unknown: number;
  /** What was not read. */
  readonly unread: number;
  /** Acknowledged findings. */
  readonly acknowledged: number;
}

/** A finding, or an unknown verdict. */
export interface ReportedFinding {
  /** Stable from run to run, independent of logical id hashes: `FunctionMemory:Shop/Worker`. */
  readonly id: string;
  /** Id of the rule. */
  readonly rule: string;
  /** Its severity. */
  readonly severity: Severity;
  /** Namespace of the tool that found it; absent for Lintel itself. */
  readonly tool?: string;
  /** File of the template, or the name of the program. */
  readonly template: string;
  /** Logical id, or the name of a Pulumi resource; absent if it is about no resource. */
  readonly resource?: string;
  /** Construct path, or the path of names of a Pulumi resource. */
  readonly path?: string;
  /** The property, dotted. */
  readonly property?: string;
  /** What is wrong, or why it is unknown. */
  readonly message: string;
  /** What to do; absent for an unknown verdict. */
  readonly remedy?: string;
  /** Its place in the template. */
  readonly location?: SourceLocation;
  /** Where the program made the resource. */
  readonly origin?: SourceLocation;
  /** The id by which it can be acknowledged: `Lintel::FunctionMemory`. */
  readonly acknowledge: string;
  /** Whether its acknowledgement has expired. */
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
  /** The last day, as YYYY-MM-DD; absent if accepted indefinitely. */
  readonly expires?: string;
  /** The acknowledgement; absent if no one wrote one: CDK's own resources, findings in a baseline. */
  readonly by?: {
    /** Its id. */
    readonly id: string;
    /** The construct or template resource that carries it. */
    readonly path: string;
    /** `template` if it is in a resource's metadata; absent if it was made on a construct. */
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

/** The parts of a report; omitted parts are empty. */
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

/** Merges reports. Ids that two of them share, such as those of two stages of one app, are made unique. */
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

/** A report with only a failure to read or judge. */
export function failed(failure: ReportedFailure): Report {
  return reportOf({ failures: [failure] });
}
