import type { Check } from '../../core/check/check';

/** Checks that a value is a URL to which requests may be sent. */
export function address(prop: string, value: unknown): Check {
  return {
    prop,
    value,
    valid: () => String(value).startsWith('https://') && hostOf(value) !== undefined && !holdsCredentials(value),
    rule: 'must be an https URL without a user or password',
    remedy: "write 'https://api.example.com', for instance",
  };
}

/** The host of a URL, with its port; undefined if it is invalid. */
export function hostOf(value: unknown): string | undefined {
  try {
    return new URL(String(value)).host;
  } catch {
    return undefined;
  }
}

/** Whatever precedes an `@` in a URL is never sent, but is in the state in plain text. */
function holdsCredentials(value: unknown): boolean {
  const { username, password } = new URL(String(value));
  return username !== '' || password !== '';
}
