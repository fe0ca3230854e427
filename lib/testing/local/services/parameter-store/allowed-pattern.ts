import { AwsError } from '../../kernel/aws-errors';

/**
 * Checks a value against its pattern; each item of a list on its own.
 * @throws AwsError when it does not match, or the pattern is one of Java's that JavaScript cannot read
 */
export function checkPattern(pattern: string, value: string, type: string): void {
  const allowed = compiled(pattern);
  if (!allowed) {
    const message = `The local run cannot read the allowed pattern '${pattern}': it is no regular expression of JavaScript.`;
    throw new AwsError('LocalRunUnsupported', message, 501);
  }
  const items = type === 'StringList' ? value.split(',') : [value];
  if (items.every((item) => allowed.test(item))) return;
  const message = `Parameter value, cannot be validated against allowedPattern: ${pattern}`;
  throw new AwsError('ParameterPatternMismatchException', message);
}

/** Whether a pattern can be checked here. */
export function isReadable(pattern: string): boolean {
  return compiled(pattern) !== undefined;
}

function compiled(pattern: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${pattern})$`);
  } catch {
    return undefined;
  }
}
