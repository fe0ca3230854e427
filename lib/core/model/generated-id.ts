import { createHash } from 'node:crypto';

/** An id in place of one that a service generates: always the same for the same text. */
export function generatedId(text: string, length: number): string {
  return digest(text).slice(0, length);
}

/** The same, as a version 4 UUID. */
export function generatedUuid(text: string): string {
  return digest(text).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5');
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
