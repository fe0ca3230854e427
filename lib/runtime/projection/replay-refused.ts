/** An aggregate cannot begin anew where it shares its models with others: their part would be lost, or counted twice. */
export class ReplayRefused extends Error {
  override readonly name = 'ReplayRefused';

  /**
   * @param aggregate that was to begin anew
   * @param why it cannot
   */
  constructor(
    readonly aggregate: string,
    why = 'shares its models with other aggregates',
  ) {
    super(
      `'${aggregate}' ${why}; make a projection with another id and a read model of its own, ` +
        'replay it, and read that',
    );
  }
}
