import { vectorize as facts } from '../../../core/facts';
import { isRecord } from '../../../core/record';
import type { LocalVector } from '../handles';
import { VectorError } from './vector-error';

/**
 * The vectors of a request, one per line, parsed as the service does: values become 32-bit floats.
 * @throws VectorError where it refuses one, and so all
 */
export function readVectors(body: string, dimensions: number): readonly LocalVector[] {
  const lines = body.split('\n').filter((line) => line.trim() !== '');
  if (lines.length === 0) throw new VectorError('no vectors in payload', 40023);
  if (lines.length > facts.batch.value) {
    throw new VectorError(`too many vectors in payload; max vector count is ${facts.batch.value}, got ${lines.length}`);
  }
  return lines.map((line) => readVector(JSON.parse(line), dimensions));
}

function readVector(vector: unknown, dimensions: number): LocalVector {
  if (!isRecord(vector) || typeof vector.id !== 'string' || !Array.isArray(vector.values)) throw unreadable();
  const { id, values, namespace, metadata } = vector;
  if (id === '') throw new VectorError('id must not be empty');
  checkSize('id', id, 40008);
  if (namespace !== undefined && namespace !== null && typeof namespace !== 'string') throw unreadable();
  checkSize('namespace', namespace ?? '', 40009);
  if (!values.every((value) => typeof value === 'number')) throw unreadable();
  if (values.length !== dimensions) {
    throw new VectorError(
      `invalid vector for id="${id}", expected ${dimensions} dimensions, and got ${values.length} dimensions`,
      40012,
    );
  }
  return {
    id,
    values: values.map(Math.fround),
    ...(namespace && { namespace }),
    ...(metadata !== undefined && metadata !== null && { metadata: readMetadata(id, metadata) }),
  };
}

function readMetadata(id: string, metadata: unknown): Readonly<Record<string, unknown>> {
  if (!isRecord(metadata)) throw unreadable();
  const size = Buffer.byteLength(JSON.stringify(metadata));
  const max = facts.metadataSize.value;
  if (size > max) {
    throw new VectorError(
      `oversized metadata for vector id="${id}"; the compact JSON representation of the metadata must not exceed ${max} bytes, got ${size} bytes`,
      40016,
    );
  }
  checkKeys(id, metadata);
  return metadata;
}

function checkKeys(id: string, metadata: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(metadata)) {
    if (key === '' || /^\$|[".]/.test(key))
      throw new VectorError(`invalid metadata key '${key}' for vector id="${id}"`);
    if (isRecord(value)) checkKeys(id, value);
  }
}

/** The size of a name. */
function checkSize(what: string, name: string, code: number): void {
  const bytes = Buffer.byteLength(name);
  const max = facts.nameSize.value;
  if (bytes > max) throw new VectorError(`${what} too long; max is ${max} bytes, got ${bytes} bytes`, code);
}

function unreadable(): VectorError {
  return new VectorError('failed to parse upsert vectors request in json format', 40023);
}
