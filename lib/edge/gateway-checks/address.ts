import type { Check } from '../../core/check/check';

/** That a value is an address to which requests may be sent. */
export function address(prop: string, value: unknown): Check {
  return {
    prop,
    value,
    valid: () => String(value).startsWith('https://') && hostOf(value) !== undefined && !holdsCredentials(value),
    rule: 'must be an https address without a user or password',
    remedy: "write for instance 'https://api.example.com'",
  };
}

/** The host of an address, with its port; undefined where it is none. */
export function hostOf(value: unknown): string | undefined {
  try {
    return new URL(String(value)).host;
  } catch {
    return undefined;
  }
}

/** What stands before an `@` in an address is sent by nothing, and is in the state in the clear. */
function holdsCredentials(value: unknown): boolean {
  const { username, password } = new URL(String(value));
  return username !== '' || password !== '';
}
