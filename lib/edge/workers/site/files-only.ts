import { matched } from './header-rules';

/**
 * An answer to somebody who asks for a file that never changes and is not there, as a page does that was opened before the
 * last deployment. The platform puts the headers of the path on it too, and gives the page of an app that routes in the browser
 * in its place: either would be kept for a year as the file.
 * @param immutable paths of files that never change, and of no pages
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
