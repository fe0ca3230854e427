/**
 * Whether something holds. `maybe` depends on the request (a condition without a context); `unknown` could not be
 * judged at all (a malformed policy).
 */
export type Truth = 'yes' | 'no' | 'maybe' | 'unknown';

/** A truth and its reasons, in sentences. */
export interface Finding {
  /** Whether it holds. */
  readonly truth: Truth;
  readonly reasons: readonly string[];
}

/** Always holds, without reasons. */
export const YES: Finding = { truth: 'yes', reasons: [] };

/** Never holds, without reasons. */
export const NO: Finding = { truth: 'no', reasons: [] };

const FOR_OR: readonly Truth[] = ['yes', 'unknown', 'maybe', 'no'];
const FOR_AND: readonly Truth[] = ['no', 'unknown', 'maybe', 'yes'];

/** Holds if one holds; keeps the reasons of those that decide. */
export function or(...findings: readonly Finding[]): Finding {
  return decide(findings, FOR_OR);
}

/** Holds if all hold; keeps the reasons of those that decide. */
export function and(...findings: readonly Finding[]): Finding {
  return decide(findings, FOR_AND);
}

/** Holds if it does not hold, for the same reasons. */
export function not({ truth, reasons }: Finding): Finding {
  return { truth: truth === 'yes' ? 'no' : truth === 'no' ? 'yes' : truth, reasons };
}

function decide(findings: readonly Finding[], order: readonly Truth[]): Finding {
  const truth = order.find((candidate) => findings.some((finding) => finding.truth === candidate)) ?? order.at(-1)!;
  const reasons = findings.filter((finding) => finding.truth === truth).flatMap((finding) => finding.reasons);
  return { truth, reasons };
}
