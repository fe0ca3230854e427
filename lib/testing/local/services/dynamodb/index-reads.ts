import { AwsError, jsonResponse } from '../../kernel/aws-errors';
import type { HttpResponse } from '../../kernel/call';
import type { Deployed } from '../../kernel/deployment';
import { isRecord, type JsonObject, parseJson, recordOf, records, text, texts } from '../../kernel/json';

/** A secondary index that does not project all attributes. */
interface PartialIndex {
  readonly isGlobal: boolean;
  /** The projected attributes. */
  readonly attributes: ReadonlySet<string>;
}

/** A read that an engine gets right, and how to convert its answer. */
export interface Widened {
  readonly input: JsonObject;
  readonly narrow: (response: HttpResponse) => HttpResponse;
}

/**
 * Reads of attributes that a secondary index does not project: DynamoDB refuses them on a global index, and fetches
 * them from the table for a local one. The engines leave them out.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html
 */
export class IndexReads {
  private readonly indexes = new Map<string, PartialIndex>();

  /** Registers the indexes of a table. */
  add({ name, properties }: Deployed): void {
    const own = keysIn(properties);
    for (const [kind, isGlobal] of [
      ['GlobalSecondaryIndexes', true],
      ['LocalSecondaryIndexes', false],
    ] as const) {
      for (const index of records(properties[kind])) {
        const { ProjectionType, NonKeyAttributes } = recordOf(index.Projection);
        if (ProjectionType === 'ALL') continue;
        const attributes = new Set([...own, ...keysIn(index), ...texts(NonKeyAttributes)]);
        this.indexes.set(`${name}/${text(index.IndexName)}`, { isGlobal, attributes });
      }
    }
  }

  /**
   * The read to send to an engine in place of a query or scan; undefined if the original will do.
   * @throws AwsError when a global index does not project a requested attribute
   */
  widened(operation: string, input: JsonObject): Widened | undefined {
    if (operation !== 'Query' && operation !== 'Scan') return undefined;
    const index = this.indexes.get(`${text(input.TableName)?.split('/').at(-1)}/${text(input.IndexName)}`);
    if (!index) return undefined;
    const asked = attributesIn(input, 'ProjectionExpression', ...texts(input.AttributesToGet));
    const missing = asked.filter((name) => !index.attributes.has(name));
    if (index.isGlobal) {
      if (missing.length === 0) return undefined;
      const message = `One or more parameter values were invalid: Global secondary index ${text(input.IndexName)} does not project [${missing.join(', ')}]`;
      throw new AwsError('ValidationException', message);
    }
    const conditions = Object.keys({ ...recordOf(input.QueryFilter), ...recordOf(input.ScanFilter) });
    const filtered = attributesIn(input, 'FilterExpression', ...conditions);
    if (missing.length === 0 && filtered.every((name) => index.attributes.has(name))) return undefined;
    if (operation === 'Scan') {
      const message = 'The local run does not scan a local index for attributes that it does not project.';
      throw new AwsError('LocalRunUnsupported', message, 501);
    }
    return fromTable(input, index, asked);
  }
}

/** Reads all attributes and keeps only the requested ones, or those of the index. */
function fromTable(input: JsonObject, index: PartialIndex, asked: readonly string[]): Widened | undefined {
  if (input.Select === 'ALL_ATTRIBUTES') return undefined;
  if (/[.[]/.test(text(input.ProjectionExpression) ?? '')) {
    const message = 'The local run does not fetch parts of attributes that a local index does not project.';
    throw new AwsError('LocalRunUnsupported', message, 501);
  }
  const { ProjectionExpression, AttributesToGet, ExpressionAttributeNames, ...rest } = input;
  const used = [rest.KeyConditionExpression, rest.FilterExpression].map((one) => text(one) ?? '').join(' ');
  const names = Object.entries(recordOf(ExpressionAttributeNames)).filter(([name]) => wordsOf(used).includes(name));
  const kept = asked.length > 0 ? new Set(asked) : index.attributes;
  return {
    input: {
      ...rest,
      Select: 'ALL_ATTRIBUTES',
      ...(names.length > 0 && { ExpressionAttributeNames: Object.fromEntries(names) }),
    },
    narrow(response) {
      const answer = parseJson(String(response.body));
      if (response.status !== 200 || !isRecord(answer)) return response;
      const { Items, ...others } = answer;
      if (input.Select === 'COUNT') return jsonResponse(others);
      const narrowed = records(Items).map((item) =>
        Object.fromEntries(Object.entries(item).filter(([name]) => kept.has(name))),
      );
      return jsonResponse({ ...others, Items: narrowed });
    },
  };
}

const keysIn = (schema: JsonObject): readonly string[] =>
  records(schema.KeySchema).flatMap(({ AttributeName }) => text(AttributeName) ?? []);

/** Keywords of expressions. */
const OPERATORS =
  /^(and|or|not|between|in|attribute_exists|attribute_not_exists|attribute_type|begins_with|contains|size)$/i;

/** The top-level attributes that an expression names. */
function attributesIn(input: JsonObject, expression: string, ...plain: readonly string[]): readonly string[] {
  const names = recordOf(input.ExpressionAttributeNames);
  const words = wordsOf(text(input[expression]) ?? '').filter((word) => !OPERATORS.test(word));
  return [...new Set([...plain, ...words.map((word) => text(names[word]) ?? word)])];
}

function wordsOf(expression: string): readonly string[] {
  const paths = expression.replace(/\s*\.\s*/g, '.');
  return [...paths.matchAll(/(?<![\w.#:\]])(?:#\w+|[A-Za-z_]\w*)/g)].map(([word]) => word);
}
