import { isUnresolved } from '../../core/unresolved';
import type { Check } from '../../core/check/check';
import { environmentSize, reservedVariables, variableName } from '../../core/facts/lambda';
import { looksLikeSecret } from '../../core/plaintext-secret';
import { variablesOf } from './apply';
import { type AccessMap, isCapability } from './capability';
import type { Place } from './place';

/** Sources of a function's environment variables, by the prop in which the user wrote them. */
export interface VariableSources {
  readonly environment: Readonly<Record<string, string>>;
  /** Variables that come from capabilities. */
  readonly access: AccessMap;
  /** Variables that come from secrets. */
  readonly secrets: AccessMap;
}

/** Checks of a function's environment variables. */
export function variableChecks({ environment, access, secrets }: VariableSources, place?: Place): Check[] {
  const written = [
    ...Object.entries(environment).map(([name, value]) => ({ prop: 'environment', name, value })),
    ...variablesOf(access, place).map(([name, value]) => ({ prop: 'access', name, value })),
    ...variablesOf(secrets, place).map(([name, value]) => ({ prop: 'secrets', name, value })),
  ];
  if (written.length === 0 && Object.keys(access).length === 0) return [];
  const size = bytes(written.flatMap(({ name, value }) => [name, value]));
  const rows: Check[] = Object.entries(access).map(([name, capability]) => ({
    prop: `access.${name}`,
    value: capability,
    valid: () => isCapability(capability),
    rule: 'must be a capability',
    remedy: "say what the function may do with the resource, such as 'orders.read()' or 'Access.queue(queue).send()'",
  }));
  const setBy = new Map<string, string>();
  for (const { prop, name, value } of written) {
    const row = { prop: `${prop}.${name}`, value: name, valid: () => false, remedy: 'choose another name' };
    if (!variableName.value.test(name)) {
      const rule = 'must be a variable name: a letter, then letters, digits or underscores, at least two characters';
      rows.push({ ...row, rule });
    }
    if (reservedVariables.value.includes(name)) rows.push({ ...row, rule: 'must not be a name that Lambda reserves' });
    const before = setBy.get(name);
    if (before === undefined) setBy.set(name, prop);
    else {
      const remedy = `remove one of '${before}.${name}' and '${prop}.${name}'`;
      rows.push({ ...row, rule: 'must be set only once', remedy });
    }
    if (prop === 'environment') rows.push(textCheck(name, value), ...plaintextChecks(name, value));
  }
  rows.push({
    prop: 'environment',
    value: `${size} bytes`,
    valid: () => size <= environmentSize.value,
    rule: `must be at most ${environmentSize.value} bytes with all names and values`,
    remedy: 'keep large settings in a parameter or an object, and pass the function its name',
  });
  return rows;
}

/**
 * Variables that hold a secret once deployed: CloudFormation resolves `unsafeUnwrap()` and dynamic references
 * in place, which puts the secret into the function's configuration in plain text.
 * @param environment as it will be in the template
 */
export function unwrappedSecrets(environment: Readonly<Record<string, unknown>>): Check[] {
  return Object.entries(environment).map(([name, value]) => ({
    prop: `environment.${name}`,
    value,
    sensitive: true,
    valid: () => !/\{\{resolve:(?:secretsmanager|ssm-secure):/.test(JSON.stringify(value) ?? ''),
    rule: 'must not hold the value of a secret, which anyone who may view the function could read',
    remedy: "name the secret in 'secrets', and let the handler read it",
  }));
}

/** `process.env.STAGE!` may be undefined. */
function textCheck(name: string, value: unknown): Check {
  return {
    prop: `environment.${name}`,
    value,
    sensitive: value !== undefined,
    valid: () => typeof value === 'string',
    rule: 'must be a string',
    remedy: 'give it a value, or remove it',
  };
}

function plaintextChecks(name: string, value: string): Check[] {
  const looks = looksLikeSecret(name, value);
  if (looks === undefined) return [];
  return [
    {
      prop: `environment.${name}`,
      value,
      sensitive: true,
      valid: () => false,
      rule: `must not be a secret in plain text (it looks like ${looks})`,
      remedy: "keep it in Secrets Manager and name it in 'secrets'",
    },
  ];
}

/** Size of what is known now; the length of a Token is not. */
function bytes(texts: readonly string[]): number {
  const known = texts.filter((text) => typeof text === 'string' && !isUnresolved(text));
  return known.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}
