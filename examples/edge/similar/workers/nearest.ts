import compiled from '../native/nearest.wasm';

interface Native {
  readonly memory: WebAssembly.Memory;
  /** Makes room, and says where; 0 where there is none. */
  reserve(bytes: number): number;
  /** Writes pairs of row and score. */
  nearest(rows: number, count: number, length: number, vector: number, most: number, best: number): number;
}

/** A row of an index, and how like it is: 1 is the same direction. */
export interface Match {
  readonly row: number;
  readonly likeness: number;
}

/** Vectors of one length, as 8-bit integers: a component of 1 is 127. */
export class NearestIndex {
  /** Vectors in the index. */
  readonly count: number;
  private readonly native: Native;
  private readonly start: number;

  /**
   * Each index has a memory of its own, which lives as long as it does.
   * @throws RangeError when there is no memory for it
   */
  constructor(
    readonly length: number,
    rows: Int8Array,
    private readonly most = 100,
  ) {
    this.native = new WebAssembly.Instance(compiled).exports as unknown as Native;
    this.start = this.native.reserve(this.vectorAt(rows.length) + length);
    if (this.start === 0) throw new RangeError(`there is no memory for an index of ${rows.length} bytes`);
    this.count = rows.length / length;
    new Int8Array(this.native.memory.buffer, this.start).set(rows);
  }

  /** The vector of a row. */
  row(row: number): Int8Array {
    return new Int8Array(this.native.memory.buffer, this.start + row * this.length, this.length).slice();
  }

  /** The rows that are most like a vector, the best first. */
  search(vector: Int8Array, most: number): Match[] {
    const { memory, nearest } = this.native;
    const [best, at] = [this.start + this.bestAt(), this.start + this.vectorAt(this.count * this.length)];
    new Int8Array(memory.buffer, at).set(vector);
    const found = nearest(this.start, this.count, this.length, at, Math.min(most, this.most), best);
    const pairs = new Int32Array(memory.buffer, best, found * 2);
    return Array.from({ length: found }, (_, index) => ({
      row: pairs[index * 2]!,
      likeness: pairs[index * 2 + 1]! / 127 ** 2,
    }));
  }

  /** Behind the rows, where pairs of integers may lie. */
  private bestAt(bytes = this.count * this.length): number {
    return Math.ceil(bytes / 8) * 8;
  }

  /** Behind the pairs. */
  private vectorAt(bytes: number): number {
    return this.bestAt(bytes) + this.most * 8;
  }
}

/** A vector of any length greater than 0 in the form of the index. */
export function direction(vector: readonly number[]): Int8Array {
  const size = Math.hypot(...vector) || 1;
  return Int8Array.from(vector, (component) => Math.round((component / size) * 127));
}
