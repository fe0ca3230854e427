/** A document as it is stored. */
export interface Document {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  readonly text: string;
  readonly revision: number;
  readonly deleted: number;
  /** The revision whose passages have been written. */
  readonly written: number;
  /** How many they are. */
  readonly passages: number;
}

/** Somebody has changed a document. */
export interface Change {
  readonly id: string;
}

/** What is known of a passage beside its vector. */
export interface PassageMetadata {
  readonly document: string;
  readonly number: number;
  readonly revision: number;
  readonly source: string;
  readonly [name: string]: string | number;
}

/** With the number of a passage it is the id of a vector, which has at most 64 bytes. */
const ID = /^[a-z0-9-]{1,48}$/;
const MAX_TEXT = 100_000;
/** A model of 512 tokens reads about this much of a text, and leaves the rest without a word. */
const MAX_PASSAGE = 1_200;

/** What is wrong with a document; empty when nothing is. */
export function problemsOf(id: string, body: unknown): string[] {
  const { title, source, text } = Object(body) as Record<string, unknown>;
  const isShort = (value: unknown) => typeof value === 'string' && value !== '' && value.length <= 200;
  return [
    ...(ID.test(id) ? [] : ['the id must have 1 to 48 lower-case letters, digits and dashes']),
    ...(isShort(title) ? [] : ["'title' must have 1 to 200 characters"]),
    // A metadata index knows the first 64 bytes of a text.
    ...(typeof source === 'string' && /^[a-z0-9-]{1,64}$/.test(source)
      ? []
      : ["'source' must have 1 to 64 lower-case letters, digits and dashes"]),
    ...(typeof text === 'string' && text.trim() !== '' && text.length <= MAX_TEXT
      ? []
      : [`'text' must have 1 to ${MAX_TEXT} characters`]),
  ];
}

/** The id of a passage's vector. */
export function vectorId(document: string, number: number): string {
  return `${document}.${number}`;
}

/** A text in passages that a model reads to their ends: paragraphs together as far as they go, long ones cut between sentences. */
export function passagesOf(text: string): string[] {
  const pieces = text
    .split(/\n\s*\n/)
    .flatMap((paragraph) => (paragraph.length <= MAX_PASSAGE ? [paragraph] : cut(paragraph)));
  const passages: string[] = [];
  for (const piece of pieces.map((one) => one.trim()).filter((one) => one !== '')) {
    const last = passages.at(-1);
    if (last !== undefined && last.length + piece.length < MAX_PASSAGE)
      passages[passages.length - 1] = `${last}\n${piece}`;
    else passages.push(piece);
  }
  return passages;
}

function cut(paragraph: string): string[] {
  return paragraph
    .split(/(?<=[.!?])\s+/)
    .flatMap((sentence) => sentence.match(new RegExp(`[^]{1,${MAX_PASSAGE}}`, 'g')) ?? []);
}
