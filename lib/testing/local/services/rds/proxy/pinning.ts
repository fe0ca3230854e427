import { statementsIn } from '../wire/statements';

/** Statements longer than this pin, in bytes. */
const LONGEST = 16 * 1024;

const WORDS: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/^\s*(set|reset)\b/i, 'it sets a parameter'],
  [/\bset_config\s*\(/i, 'it sets a parameter'],
  [/^\s*(prepare|execute|deallocate)\b/i, 'it manages a prepared statement'],
  [/^\s*discard\b/i, 'it discards the state of the session'],
  [/^\s*declare\b/i, 'it declares a cursor'],
  [/^\s*(listen|unlisten)\b/i, 'it listens on a channel'],
  [/^\s*load\b/i, 'it loads a library'],
  [/\bcreate\s+(?:(?:global|local)\s+)?(?:or\s+replace\s+)?temp(?:orary)?\b/i, 'it creates something temporary'],
  [/\binto\s+(?:(?:global|local)\s+)?temp(?:orary)?\b/i, 'it creates something temporary'],
  [/\b(nextval|setval|currval|lastval)\s*\(/i, 'it uses a sequence by a function'],
  [/\bpg_(try_)?advisory_(?!xact)\w*\s*\(/i, 'it takes a lock of the session'],
];

/**
 * Why RDS Proxy pins a client on a statement; undefined if it does not.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-pinning.html
 */
export function whyPinned(sql: string): string | undefined {
  if (Buffer.byteLength(sql) > LONGEST) return 'it is longer than 16 KB';
  for (const statement of statementsIn(sql)) {
    const found = WORDS.find(([pattern]) => pattern.test(statement));
    if (found) return found[1];
  }
  return undefined;
}
