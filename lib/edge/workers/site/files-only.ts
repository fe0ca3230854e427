import { matched } from './header-rules';

/**
 * The response to a request for an immutable file that does not exist, as from a page opened before the last
 * deployment. The platform adds the path's headers, and serves the page of an app that routes in the browser
 * instead: either would be cached for a year as the file.
 * @param immutable paths of files that never change, not of pages
 */
export function withoutForever(immutable: readonly string[], request: Request, answer: Response): Response {
  const { status, headers } = answer;
  const isPage = status === 200 && /^text\/html/i.test(headers.get('content-type') ?? '');
  if (isPage && immutable.some((path) => matched(path, new URL(request.url)))) {
    return new Response(null, { status: 404, headers: ONCE });
  }
  if (status < 400 || !/\bimmutable\b/i.test(headers.get('cache-control') ?? '')) return answer;
  const once = new Response(answer.body, answer);
  once.headers.set('cache-control', ONCE['cache-control']);
  return once;
}

const ONCE = { 'cache-control': 'no-store' };
