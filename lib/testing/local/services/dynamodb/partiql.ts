/** The action and the resource of a PartiQL statement: the kind of the statement on its table or index. */
export function statementNeed(
  statement: string,
  tableArn: (name: string) => string,
): { readonly action: string; readonly resource: string } {
  const [verb = ''] = /\w+/.exec(statement) ?? [];
  const from = /\b(?:FROM|INTO|UPDATE)\s+("[^"]+"|[\w-]+)(?:\."([^"]+)")?/i.exec(statement);
  const table = tableArn((from?.[1] ?? '').replaceAll('"', ''));
  const resource = from?.[2] === undefined ? table : `${table}/index/${from[2]}`;
  return { action: `dynamodb:PartiQL${kindOf(verb.toUpperCase())}`, resource };
}

/** `EXISTS(SELECT ...)`, a transaction's condition, needs the same permission as a SELECT. */
function kindOf(verb: string): string {
  switch (verb) {
    case 'INSERT':
      return 'Insert';
    case 'UPDATE':
      return 'Update';
    case 'DELETE':
      return 'Delete';
    default:
      return 'Select';
  }
}
