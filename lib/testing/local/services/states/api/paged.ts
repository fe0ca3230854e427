import { type JsonObject, number, text } from '../../../kernel/json';
import { pageOf } from '../../../kernel/page';

/**
 * The requested page of a list.
 * @param name the list's name in the response
 */
export function paged(name: string, all: readonly unknown[], { maxResults, nextToken }: JsonObject): unknown {
  const most = number(maxResults) ?? 0;
  const { items, next } = pageOf(all, text(nextToken), most === 0 ? 100 : most);
  return { [name]: items, ...(next !== undefined && { nextToken: next }) };
}
