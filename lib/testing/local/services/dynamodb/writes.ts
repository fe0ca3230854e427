import type { Need } from '../../kernel/judge';

const READS = /^dynamodb:(Get|BatchGet|Query|Scan|ConditionCheck|PartiQLSelect|Describe|List)/;

/** How often each table may have changed, so that a reader of its stream knows when to read. */
export class Writes {
  private readonly counts = new Map<string, number>();

  /** Takes note of a call that has been made, whatever its answer. @param needs the actions it took, on which resources */
  note(needs: readonly Need[]): void {
    const written = needs.filter(({ action }) => !READS.test(action)).map(({ resource }) => tableIn(resource));
    for (const table of new Set(written)) this.counts.set(table, (this.counts.get(table) ?? 0) + 1);
  }

  /** How often a table may have changed. @param arn of it, or of its stream */
  of(arn: string): number {
    return this.counts.get(tableIn(arn)) ?? 0;
  }
}

/** The name of a table; its twin of another region or account has the same, and is the same here. */
function tableIn(arn: string): string {
  return /:table\/([^/]+)/.exec(arn)?.[1] ?? '';
}
