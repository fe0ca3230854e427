import { indexIn } from './index-file';
import { direction, type NearestIndex } from './nearest';

interface Env {
  readonly VECTORS: R2Bucket;
}

/** What is like a row of the index (`GET /similar/3`), or like a vector (`POST /similar` with a list of numbers). */
export default {
  async fetch(request, { VECTORS }) {
    const { pathname, searchParams } = new URL(request.url);
    const most = Number(searchParams.get('most') ?? 10);
    if (!Number.isInteger(most) || most < 1 || most > 99) return refused("'most' must be a whole number from 1 to 99");
    const index = await indexIn(VECTORS);
    if (request.method === 'POST' && pathname === '/similar') {
      const vector = vectorIn(await request.text(), index);
      return vector
        ? Response.json(index.search(vector, most))
        : refused(`the body must be a list of ${index.length} numbers`);
    }
    const row = Number(/^\/similar\/(\d{1,9})$/.exec(pathname)?.[1] ?? -1);
    if (request.method !== 'GET' || row < 0 || row >= index.count) return new Response(null, { status: 404 });
    const found = index.search(index.row(row), most + 1).filter((match) => match.row !== row);
    return Response.json(found.slice(0, most));
  },
} satisfies ExportedHandler<Env>;

function vectorIn(body: string, { length }: NearestIndex): Int8Array | undefined {
  try {
    const vector = JSON.parse(body) as unknown;
    const isVector = Array.isArray(vector) && vector.length === length && vector.every(Number.isFinite);
    return isVector ? direction(vector as number[]) : undefined;
  } catch {
    return undefined;
  }
}

function refused(message: string): Response {
  return Response.json({ message }, { status: 400 });
}
