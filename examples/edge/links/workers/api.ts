import { type Click, hasEnded, type Link, problemsOf, randomSlug } from './link';

interface Env {
  readonly DB: D1Database;
  readonly CACHE: KVNamespace;
  readonly CLICKS: Queue<Click>;
  readonly API_KEY: string;
}

/** How long a link may be served from the store after it has changed, in seconds. */
const CACHE_SECONDS = 300;

export default {
  async fetch(request, env, context) {
    const { pathname } = new URL(request.url);
    const [, first = '', slug] = pathname.split('/');
    if (first === 'links') {
      if (!(await isKey(request.headers.get('authorization'), env.API_KEY))) return problem(401, 'a key is needed');
      if (request.method === 'POST' && !slug) return create(request, env);
      if (request.method === 'GET' && slug) return show(slug, env);
      return problem(405, 'POST /links and GET /links/{slug} are all there is');
    }
    return follow(first, request, env, context);
  },
} satisfies ExportedHandler<Env>;

/** Sends the reader on at once, and counts the click afterwards. */
async function follow(slug: string, request: Request, env: Env, context: ExecutionContext): Promise<Response> {
  const link = await find(slug, env, context);
  if (!link) return problem(404, 'there is no such link');
  if (hasEnded(link)) return problem(410, 'this link has ended');
  const country = request.cf?.country as string | undefined;
  context.waitUntil(env.CLICKS.send({ slug, at: new Date().toISOString(), country }));
  return new Response(null, { status: 302, headers: { location: link.url, 'cache-control': 'no-store' } });
}

async function find(slug: string, { CACHE, DB }: Env, context: ExecutionContext): Promise<Link | null> {
  const kept = await CACHE.get<Link>(slug, 'json');
  if (kept) return kept;
  const link = await DB.prepare('SELECT slug, url, expires_at FROM links WHERE slug = ?').bind(slug).first<Link>();
  if (link) context.waitUntil(CACHE.put(slug, JSON.stringify(link), { expirationTtl: CACHE_SECONDS }));
  return link;
}

async function create(request: Request, { DB }: Env): Promise<Response> {
  const body: unknown = await request.json().catch(() => undefined);
  const problems = problemsOf(body);
  if (problems.length > 0) return problem(400, problems.join('; '));
  const { url, slug = randomSlug(), expiresAt } = body as { url: string; slug?: string; expiresAt?: string };
  const { meta } = await DB.prepare('INSERT OR IGNORE INTO links (slug, url, expires_at) VALUES (?, ?, ?)')
    .bind(slug, url, expiresAt ? new Date(expiresAt).toISOString() : null)
    .run();
  if (meta.changes === 0) return problem(409, `'${slug}' is taken`);
  return Response.json({ slug, url: new URL(`/${slug}`, request.url).href }, { status: 201 });
}

async function show(slug: string, { DB }: Env): Promise<Response> {
  const link = await DB.prepare('SELECT * FROM links WHERE slug = ?').bind(slug).first();
  return link ? Response.json(link) : problem(404, 'there is no such link');
}

/** Compares digests, which takes the same time however much of the key is right. */
async function isKey(authorization: string | null, key: string): Promise<boolean> {
  const digest = (text: string) => crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return crypto.subtle.timingSafeEqual(await digest(authorization ?? ''), await digest(`Bearer ${key}`));
}

function problem(status: number, title: string): Response {
  return Response.json({ status, title }, { status, headers: { 'content-type': 'application/problem+json' } });
}
