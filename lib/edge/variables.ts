import type { types } from '@pulumi/cloudflare';
import * as pulumi from '@pulumi/pulumi';
import type { Check } from '../core/check/check';
import { either, input, isJson, isPlain, text } from '../core/check/kinds';
import type { Kind } from '../core/check/shape';
import { cloudflare as facts } from '../core/facts';
import { looksLikeSecret } from '../core/plaintext-secret';
import { isUnresolved } from '../core/unresolved';

/** A part of a JSON variable. */
export type EdgeJsonPart = pulumi.Input<string> | number | boolean | null | EdgeJson;

/** A variable that is not plain text: the Worker gets the object or list itself, `env.LIMITS.perMinute`. */
export type EdgeJson = readonly EdgeJsonPart[] | { readonly [name: string]: EdgeJsonPart };

/** The value of a variable: text, or JSON. */
export type EdgeVariable = pulumi.Input<string> | EdgeJson;

const JSON_VALUE: Kind = {
  rule: 'must be a JSON object or list',
  remedy: () => "write it as { perMinute: 100 }; write a lone number or boolean as text: '100'",
  is: (value) => isStructured(value) && isJson(value, true),
};

/** Shape of a variable's value. */
export const VARIABLE = either(
  'must be a string, or a JSON object or list',
  () => "write it as 'prod', or { perMinute: 100 }; write a lone number or boolean as text: '100'",
  input(text('prod')),
  JSON_VALUE,
);

/** Whether a variable is JSON rather than text. */
function isStructured(value: unknown): value is EdgeJson {
  return !isUnresolved(value) && (Array.isArray(value) || isPlain(value));
}

/** Checks of variables. */
export function variableChecks(environment: Readonly<Record<string, EdgeVariable>>): Check[] {
  return Object.entries(environment).flatMap(([name, value]) => [
    {
      prop: `environment.${name}`,
      value,
      valid: () => Buffer.byteLength(shownText(value)) <= facts.variableSize.value,
      rule: `must be at most ${facts.variableSize.value} bytes`,
      remedy: 'keep it in an EdgeStore',
    },
    {
      prop: `environment.${name}`,
      value: name,
      valid: () => isUnresolved(value) || looksLikeSecret(name, shownText(value)) === undefined,
      rule: 'must not hold secrets: anyone who can view the Worker in the dashboard can read them',
      remedy: "put the secret in 'secrets'",
    },
  ]);
}

/** A variable's text, as far as it is known to the program. */
function shownText(value: EdgeVariable): string {
  if (!isStructured(value)) return String(value);
  return JSON.stringify(knownPart(value));
}

/** A value without the parts known only at deployment. */
function knownPart(value: unknown): unknown {
  if (isUnresolved(value)) return undefined;
  if (Array.isArray(value)) return value.map(knownPart);
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value as object).map(([name, part]) => [name, knownPart(part)]));
}

/** Whether a part of a value is known only at deployment. */
function isOpen(value: unknown): boolean {
  return isUnresolved(value) || (typeof value === 'object' && value !== null && Object.values(value).some(isOpen));
}

/** The binding of a variable. */
export function variableBinding(
  component: string,
  name: string,
  value: EdgeVariable,
): types.input.WorkersScriptBinding {
  if (!isStructured(value)) {
    const text = isUnresolved(value) ? pulumi.output(notSecret(component, name, pulumi.output(value))) : value;
    return { name, type: 'plain_text', text };
  }
  const json = isOpen(value)
    ? pulumi.output(notSecret(component, name, pulumi.jsonStringify(value)))
    : JSON.stringify(value);
  return { name, type: 'json', json };
}

/** A value known only at deployment; whether it is a secret is checked once the program has it. */
async function notSecret(component: string, name: string, text: pulumi.Output<string>): Promise<pulumi.Output<string>> {
  if (await pulumi.isSecret(text)) {
    const prop = `environment.${name}`;
    const reason = `'${prop}' must not hold secrets: anyone who can view the Worker in the dashboard can read them; put the secret in 'secrets'`;
    throw new pulumi.InputPropertiesError({
      message: `${reason} (${component})`,
      errors: [{ propertyPath: prop, reason }],
    });
  }
  return text;
}
