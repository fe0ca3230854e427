import { type SourceLocation } from '../../core/model/model';
import { type Severity } from '../rule';

/** What the rules say about a model. Its JSON form is a public contract (`./json.ts`). */
export interface Report {
  /** How many of each. */
  readonly summary: Summary;
  /** What breaks a rule and is not acknowledged. */
  readonly findings: readonly ReportedFinding[];
  /** What no rule could judge, since a value is known only at deployment. Not a pass. */
  readonly unknown: readonly ReportedFinding[];
  /** Findings that somebody accepted, with the reason. */
  readonly acknowledged: readonly AcknowledgedFinding[];
  /** What could not be read or judged at all. A report with failures is incomplete. */
  readonly failures: readonly ReportedFailure[];
}

/** How many findings of each kind. */
export interface Summary {
  /** Findings of severity `error`. */
  readonly errors: number;
  /** Findings of severity `warning`. */
  readonly warnings: number;
  /** Verdicts that are unknown. */
  readonly unknown: number;
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

/** A report of these parts. */
export function reportOf({ findings, unknown, acknowledged, failures }: Omit<Report, 'summary'>): Report {
  const count = (severity: Severity): number => findings.filter((finding) => finding.severity === severity).length;
  return {
    summary: {
      errors: count('error'),
      warnings: count('warning'),
      unknown: unknown.length,
      acknowledged: acknowledged.length,
    },
    findings,
    unknown,
    acknowledged,
    failures,
  };
}

/** Several reports as one. */
export function combined(reports: readonly Report[]): Report {
  return reportOf({
    findings: reports.flatMap(({ findings }) => findings),
    unknown: reports.flatMap(({ unknown }) => unknown),
    acknowledged: reports.flatMap(({ acknowledged }) => acknowledged),
    failures: reports.flatMap(({ failures }) => failures),
  });
}

/** A report that says only that something could not be read or judged. */
export function failed(failure: ReportedFailure): Report {
  return reportOf({ findings: [], unknown: [], acknowledged: [], failures: [failure] });
}
