import ts from 'typescript';

/** A change of a program. */
export interface Step {
  readonly file: string;
  /** The id of a construct whose `new` expression is replaced, or the beginning of a statement. */
  readonly at: { readonly construct: string } | { readonly statement: string };
  /** What stands there afterwards; empty takes a statement away. */
  readonly becomes: string;
  /**
   * In how many places.
   * @default 1
   */
  readonly times?: number;
}

/**
 * A program with its steps taken.
 * @throws Error where a step finds another number of places than it says: the app is not the one that the recipe is for
 */
export function adopted(text: string, file: string, steps: readonly Step[], imports: string): string {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const edits = steps.flatMap((step) => {
    const places = [...placesOf(source, step.at)];
    const { times = 1 } = step;
    if (places.length !== times)
      throw new Error(`${file} has ${places.length} places for ${JSON.stringify(step.at)}, not ${times}`);
    return places.map((node) => ({ from: node.getStart(), to: node.getEnd(), becomes: step.becomes }));
  });
  const changed = edits
    .sort((one, other) => other.from - one.from)
    .reduce((rest, { from, to, becomes }) => rest.slice(0, from) + becomes + rest.slice(to), text);
  const [, hashbang = '', rest] = /^(#!.*\n)?([\s\S]*)$/.exec(changed)!;
  return `${hashbang}import { ${imports} } from 'lintel/aws';\n${rest}`;
}

function* placesOf(node: ts.Node, at: Step['at']): Iterable<ts.Node> {
  if ('construct' in at && ts.isNewExpression(node)) {
    const [, id] = node.arguments ?? [];
    if (id !== undefined && ts.isStringLiteral(id) && id.text === at.construct) yield node;
  }
  if ('statement' in at && ts.isExpressionStatement(node) && node.getText().startsWith(at.statement)) yield node;
  for (const child of node.getChildren()) yield* placesOf(child, at);
}
