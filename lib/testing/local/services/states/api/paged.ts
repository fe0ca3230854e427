import { AwsError } from '../../../kernel/aws-errors';
import { type JsonRecord, number, text } from '../../../kernel/json';
import { pageOf } from '../../../kernel/page';

/**
 * A page of a list, as an operation asks for it.
 * @param name of the list in the answer
 * @throws AwsError for more than fit in one
 */
export function paged(name: string, all: readonly unknown[], { maxResults, nextToken }: JsonRecord): unknown {
  const most = number(maxResults) ?? 0;
  if (most > 1000) {
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value '${most}' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 1000`,
    );
  }
  const { items, next } = pageOf(all, text(nextToken), most === 0 ? 100 : most);
  return { [name]: items, ...(next !== undefined && { nextToken: next }) };
}
