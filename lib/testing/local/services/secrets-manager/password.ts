import { randomInt } from 'node:crypto';
import { AwsError } from '../../kernel/aws-errors';
import { type JsonObject, number, text } from '../../kernel/json';

const KINDS = [
  ['ExcludeLowercase', 'abcdefghijklmnopqrstuvwxyz'],
  ['ExcludeUppercase', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'],
  ['ExcludeNumbers', '0123456789'],
  ['ExcludePunctuation', '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'],
] as const;

/** Longest password, and most characters that may be excluded. */
const LONGEST = 4096;

/**
 * Why no password can be generated, in the words of Secrets Manager; undefined if one can.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html
 */
export function passwordFault(settings: JsonObject): string | undefined {
  const { length, kinds, alphabet, each } = read(settings);
  if (length < 1 || length > LONGEST) return `PasswordLength is from 1 to ${LONGEST}, got ${length}`;
  const excluded = (text(settings.ExcludeCharacters) ?? '').length;
  if (excluded > LONGEST) return `ExcludeCharacters has at most ${LONGEST} characters, got ${excluded}`;
  if (alphabet.length === 0) return 'All characters have been excluded from selection.';
  if (!each) return undefined;
  if (kinds.some((characters) => characters.length === 0)) {
    return 'All characters of the desired type have been excluded.';
  }
  return length < kinds.length ? 'Password length is too short based on the required types.' : undefined;
}

/**
 * Generates a password like Secrets Manager: at least one character of each allowed kind, unless the request
 * says otherwise.
 * @throws AwsError when none can be generated
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html
 */
export function randomPassword(settings: JsonObject): string {
  const fault = passwordFault(settings);
  if (fault !== undefined) throw new AwsError('InvalidParameterException', fault);
  const { length, kinds, alphabet, each } = read(settings);
  const pick = (from: readonly string[]) => from[randomInt(from.length)]!;
  const required = each ? kinds.map(pick) : [];
  const characters = [...required, ...Array.from({ length: length - required.length }, () => pick(alphabet))];
  return shuffled(characters).join('');
}

function read(settings: JsonObject) {
  // A template may hold a number or a Boolean as text.
  const is = (name: string) => String(settings[name]) === 'true';
  const excluded = text(settings.ExcludeCharacters) ?? '';
  const kinds = KINDS.filter(([option]) => !is(option)).map(([, characters]) =>
    [...characters].filter((character) => !excluded.includes(character)),
  );
  return {
    length: number(settings.PasswordLength) ?? 32,
    kinds,
    alphabet: [...kinds.flat(), ...(is('IncludeSpace') ? [' '] : [])],
    each: String(settings.RequireEachIncludedType ?? true) === 'true',
  };
}

function shuffled(characters: readonly string[]): readonly string[] {
  const result = [...characters];
  for (let index = result.length - 1; index > 0; index--) {
    const other = randomInt(index + 1);
    [result[index], result[other]] = [result[other]!, result[index]!];
  }
  return result;
}
