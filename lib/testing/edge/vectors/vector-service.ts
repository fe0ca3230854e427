import { vectorize as facts } from '../../../core/facts';
import { isRecord } from '../../../core/record';
import type { LocalIndex } from './local-index';
import { readVectors } from './read-vectors';
import { type Query, search } from './search';
import { VectorError } from './vector-error';

/** Answers what the runtime's own client of Vectorize asks, with the service's limits and refusals. */
export function vectorService(
  index: LocalIndex,
  tell: (message: string) => void,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const operation = new URL(request.url).pathname.slice(1);
    try {
      return Response.json(answer(index, operation, request.method === 'POST' ? await request.text() : '', tell));
    } catch (error) {
      if (!(error instanceof VectorError)) throw error;
      return Response.json({ code: error.code, error: error.message }, { status: 400 });
    }
  };
}

function answer(index: LocalIndex, operation: string, body: string, tell: (message: string) => void): unknown {
  const { dimensions } = index.settings;
  switch (operation) {
    case 'info':
      return {
        vectorCount: index.seen.size,
        dimensions,
        processedUpToDatetime: index.processedUpTo?.at.toISOString() ?? null,
        processedUpToMutation: index.processedUpTo?.id ?? null,
      };
    case 'query':
      return search(index, JSON.parse(body) as Query, tell);
    case 'insert':
    case 'upsert':
      return { mutationId: index.write(readVectors(body, dimensions), operation) };
    case 'getByIds':
      return idsOf(body, facts.idsToGet.value).flatMap((id) => index.seen.get(id) ?? []);
    case 'deleteByIds':
      return { mutationId: index.delete(idsOf(body, facts.idsToDelete.value)) };
    default:
      throw new VectorError(`unknown operation '${operation}'`);
  }
}

function idsOf(body: string, most: number): readonly string[] {
  const request: unknown = JSON.parse(body);
  const ids = isRecord(request) ? request.ids : undefined;
  if (!Array.isArray(ids) || !ids.every((id): id is string => typeof id === 'string')) {
    throw new VectorError('Failed to parse the request body as JSON: ids: expected value', 40026);
  }
  if (ids.length > most) {
    throw new VectorError(`too many ids in payload; max id count is ${most}, got ${ids.length}`, 40007);
  }
  return ids;
}
