/** A refusal in the format of RFC 9457. */
export function problem(status: number, title: string, headers: Readonly<Record<string, string>> = {}): Response {
  return Response.json(
    { status, title },
    { status, headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...headers } },
  );
}
