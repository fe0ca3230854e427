import { randomInt } from 'node:crypto';
import { AwsError } from '../../kernel/aws-errors';
import { type JsonRecord, number, text } from '../../kernel/json';

const KINDS = [
  ['ExcludeLowercase', 'abcdefghijklmnopqrstuvwxyz'],
  ['ExcludeUppercase', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'],
  ['ExcludeNumbers', '0123456789'],
  ['ExcludePunctuation', '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'],
] as const;

/**
 * Generates a password like Secrets Manager: at least one character of each allowed kind, unless the request
 * says otherwise.
 * @throws AwsError when nothing is left to choose from
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html
 */
export function randomPassword(settings: JsonRecord): string {
  const excluded = text(settings.ExcludeCharacters) ?? '';
  const length = number(settings.PasswordLength) ?? 32;
  const kinds = KINDS.filter(([option]) => settings[option] !== true)
    .map(([, characters]) => [...characters].filter((character) => !excluded.includes(character)))
    .filter((characters) => characters.length > 0);
  const alphabet = [...kinds.flat(), ...(settings.IncludeSpace === true ? [' '] : [])];
  if (alphabet.length === 0 || length < kinds.length) {
    throw new AwsError('InvalidParameterException', 'No characters are left to generate a password from.');
  }
  const pick = (from: readonly string[]) => from[randomInt(from.length)]!;
  const required = settings.RequireEachIncludedType === false ? [] : kinds.map(pick);
  const characters = [...required, ...Array.from({ length: length - required.length }, () => pick(alphabet))];
  return shuffled(characters).join('');
}

function shuffled(characters: readonly string[]): readonly string[] {
  const result = [...characters];
  for (let index = result.length - 1; index > 0; index--) {
    const other = randomInt(index + 1);
    [result[index], result[other]] = [result[other]!, result[index]!];
  }
  return result;
}
