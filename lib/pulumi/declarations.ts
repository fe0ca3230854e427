/** What the program's constructors declared: an input that fails drops its resource without a word. */
export class Declarations {
  /** How many there are. */
  count = 0;
  private readonly outputs = new Map<string, Set<string>>();
  private readonly counts = new Map<string, number>();

  /**
   * A constructor was called.
   * @param exists the resource exists and is only looked at
   */
  add(type: string, name: string, props: Readonly<Record<string, unknown>>, exists: boolean): void {
    this.count++;
    const key = `${type}::${name}`;
    const known = this.outputs.get(key) ?? new Set();
    for (const [output, value] of Object.entries(props)) if (value === undefined) known.add(output);
    this.outputs.set(key, known);
    if (!exists) this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
  }

  /** The outputs that a class declares and that no input sets. */
  outputsOf(type: string, name: string): readonly string[] {
    return [...(this.outputs.get(`${type}::${name}`) ?? [])];
  }

  /** @throws Error with what was declared and is not registered */
  assertRegistered(registered: ReadonlyMap<string, number>): void {
    const lost = [...this.counts].filter(([key, count]) => (registered.get(key) ?? 0) < count).map(([key]) => key);
    if (lost.length > 0)
      throw new Error(`declared but never registered, since an input never came: ${lost.join(', ')}`);
  }
}
