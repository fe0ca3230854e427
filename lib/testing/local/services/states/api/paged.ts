import { type JsonRecord, number, text } from '../../../kernel/json';
import { pageOf } from '../../../kernel/page';

/**
 * A page of a list, as an operation asks for it.
 * @param name of the list in the answer
 */
export function paged(name: string, all: readonly unknown[], { maxResults, nextToken }: JsonRecord): unknown {
  const most = number(maxResults) ?? 0;
  const { items, next } = pageOf(all, text(nextToken), most === 0 ? 100 : most);
  return { [name]: items, ...(next !== undefined && { nextToken: next }) };
}
