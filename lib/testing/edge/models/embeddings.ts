import { createHash } from 'node:crypto';
import type { EmbeddingModel } from '../../../core/facts/workers-ai';
import { isRecord } from '../../../core/record';
import { ModelError } from './model-error';

/**
 * Text embeddings with a platform model's dimensions and limits, based only on words: texts that share words are close,
 * and runs are reproducible.
 * @throws ModelError for an input that the platform refuses
 */
export function embeddingsOf(input: unknown, { dimensions, batch, tokens }: EmbeddingModel) {
  const texts = textsOf(input);
  if (batch !== undefined && texts.length > batch) {
    throw new ModelError('invalidInput', `Error: oneOf at '/' not met, '/text' must NOT have more than ${batch} items`);
  }
  if (texts.some((text) => text === '')) {
    throw new ModelError('invalidInput', "Error: oneOf at '/' not met, Length of '/text' must be >= 1");
  }
  const data = texts.map((text) => vectorOf(wordsOf(text).slice(0, tokens), dimensions));
  return { shape: [data.length, dimensions], data };
}

function textsOf(input: unknown): readonly string[] {
  const { text, queries, documents } = isRecord(input) ? input : {};
  const given = text ?? queries ?? documents;
  if (typeof given === 'string') return [given];
  if (Array.isArray(given) && given.every((one): one is string => typeof one === 'string')) return given;
  throw new ModelError('invalidInput', "Error: required properties at '/' are 'text'");
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** Each word has its own dimension, space permitting; the length is 1. */
function vectorOf(words: readonly string[], dimensions: number): readonly number[] {
  const values = new Array<number>(dimensions).fill(0);
  for (const word of words.length > 0 ? words : ['']) {
    const hash = createHash('sha256').update(word).digest();
    values[hash.readUInt32LE(0) % dimensions]! += 1;
  }
  const length = Math.hypot(...values);
  return values.map((value) => Math.fround(value / length));
}
