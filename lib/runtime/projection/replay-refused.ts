/** An aggregate cannot be rebuilt if it shares its models with others: their part would be lost, or counted twice. */
export class ReplayRefused extends Error {
  override readonly name = 'ReplayRefused';

  /**
   * @param aggregate the one to rebuild
   * @param why the reason
   */
  constructor(
    readonly aggregate: string,
    why = 'shares its models with other aggregates',
  ) {
    super(
      `'${aggregate}' ${why}; create a projection with another id and its own read model, ` +
        'replay it, and read that',
    );
  }
}
