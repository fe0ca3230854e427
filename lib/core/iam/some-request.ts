import { covers, overlaps } from './coverage';
import type { Grant } from './grants';
import { type CellTruth, type Dimension, dimensionsOf, type Part, partsOf } from './request-space';

/** The limit of search steps, and of open questions tried both ways. */
const MAX_STEPS = 50_000;
const MAX_OPEN = 8;

/**
 * Whether some request matches all of the first grants and none of the others, whatever their actions. Also true when
 * the search is too large: a "no" is proven, never guessed.
 *
 * Requests differ in their resource, in each context key (absent, one value, several values) and in the template's
 * conditions; of those that no grant distinguishes, one is tried.
 */
export function someRequest(meant: readonly Grant[], notMeant: readonly Grant[]): boolean {
  const wanted = meant.flatMap(partsOf);
  const given = new Set(wanted.map(({ id, expected: yes }) => `${yes} ${id}`));
  const against = notMeant
    .filter((grant) => meant.every(({ resource }) => overlaps(resource, grant.resource)))
    .map((grant) => partsOf(grant));
  // Most of what has not changed is written as before.
  const plain = (part: Part) =>
    given.has(`${part.expected} ${part.id}`) ||
    (part.expected && meant.some(({ resource }) => isWithin(part, resource)));
  if (against.some((parts) => parts.every(plain))) return false;
  if (against.length === 0 && wanted.length === 1) return true;
  const dimensions = dimensionsOf([...wanted, ...against.flat()]);
  return dimensions === undefined || new Search(wanted, against, dimensions).succeeds();
}

/** Whether a part's pattern covers everything that a pattern matches. */
function isWithin({ pattern }: Part, resource: string): boolean {
  return pattern !== undefined && covers(pattern, resource);
}

class Search {
  private steps = 0;
  private readonly truths = new Map<string, CellTruth>();

  constructor(
    private readonly parts: readonly Part[],
    private readonly against: readonly (readonly Part[])[],
    private readonly dimensions: readonly Dimension[],
  ) {}

  succeeds(at = 0): boolean {
    if (++this.steps > MAX_STEPS) return true;
    if (this.parts.some((part) => fails(part, this.truths))) return false;
    const open = this.against.filter((parts) => !parts.some((part) => fails(part, this.truths)));
    if (open.some((parts) => parts.every((part) => holds(part, this.truths)))) return false;
    const dimension = this.dimensions[at];
    if (!dimension) return this.decide(open);
    for (const cell of dimension.cells) {
      for (const [id, truth] of cell) this.truths.set(id, truth);
      if (this.succeeds(at + 1)) return true;
    }
    for (const id of dimension.cells[0]?.keys() ?? []) this.truths.delete(id);
    return false;
  }

  /** Answers what is open in every way that fits together. */
  private decide(against: readonly (readonly Part[])[]): boolean {
    const questions = new Map<string, Part>();
    let several = false;
    for (const part of [...this.parts, ...against.flat()]) {
      const truth = this.truths.get(part.id);
      if (truth === 'maybe') questions.set(part.id, part);
      several ||= truth === 'unknown';
    }
    if (questions.size > MAX_OPEN) return true;
    const ids = [...questions.keys()];
    const count = 2 ** (ids.length + (several ? 1 : 0));
    return Array.from({ length: count }, (_, answer) => answer).some((answer) => {
      const yes = (index: number) => (answer & (1 << index)) !== 0;
      const given = new Map<string, CellTruth>();
      for (const [id, truth] of this.truths)
        given.set(id, truth === 'unknown' ? (yes(ids.length) ? 'yes' : 'no') : truth);
      ids.forEach((id, index) => given.set(id, yes(index) ? 'yes' : 'no'));
      return (
        fitTogether([...questions.values()], given) &&
        this.parts.every((part) => holds(part, given)) &&
        against.every((parts) => parts.some((part) => fails(part, given)))
      );
    });
  }
}

/** A resource that matches the narrower of two patterns must match the wider. */
function fitTogether(questions: readonly Part[], given: ReadonlyMap<string, CellTruth>): boolean {
  const patterns = questions.filter(({ pattern }) => pattern !== undefined);
  return patterns.every(
    ({ id, pattern }) =>
      given.get(id) !== 'yes' ||
      patterns.every((other) => given.get(other.id) === 'yes' || !covers(other.pattern!, pattern!)),
  );
}

function holds({ id, expected }: Part, truths: ReadonlyMap<string, CellTruth>): boolean {
  return truths.get(id) === (expected ? 'yes' : 'no');
}

function fails({ id, expected }: Part, truths: ReadonlyMap<string, CellTruth>): boolean {
  return truths.get(id) === (expected ? 'no' : 'yes');
}
