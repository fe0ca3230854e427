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

/** A variable that is more than text: the Worker finds the object or list itself, `env.LIMITS.perMinute`. */
export type EdgeJson = readonly EdgeJsonPart[] | { readonly [name: string]: EdgeJsonPart };

/** The value of a variable: text, or JSON. */
export type EdgeVariable = pulumi.Input<string> | EdgeJson;

const JSON_VALUE: Kind = {
  rule: 'must be an object or a list of JSON',
  remedy: () => "write it as { perMinute: 100 }; numbers and switches alone are text: '100'",
  is: (value) => isStructured(value) && isJson(value, true),
};

/** The value of a variable, as it is written. */
export const VARIABLE = either(
  'must be a string, or an object or a list of JSON',
  () => "write it as 'prod', or { perMinute: 100 }; numbers and switches alone are text: '100'",
  input(text('prod')),
  JSON_VALUE,
);

/** Whether a variable is JSON, and no text. */
function isStructured(value: unknown): value is EdgeJson {
  return !isUnresolved(value) && (Array.isArray(value) || isPlain(value));
}

/** The rows for variables. */
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
      rule: 'must not hold secrets: whoever sees the Worker in the dashboard reads them',
      remedy: "put the secret into 'secrets'",
    },
  ]);
}

/** The text of a variable as far as the program knows it. */
function shownText(value: EdgeVariable): string {
  if (!isStructured(value)) return String(value);
  return JSON.stringify(knownPart(value));
}

/** A value without what only the deployment knows. */
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

/** The text of a value that only the deployment knows; that it is a secret is seen when the program knows the value. */
async function notSecret(component: string, name: string, text: pulumi.Output<string>): Promise<pulumi.Output<string>> {
  if (await pulumi.isSecret(text)) {
    const prop = `environment.${name}`;
    const reason = `'${prop}' must not hold secrets: whoever sees the Worker in the dashboard reads them; put the secret into 'secrets'`;
    throw new pulumi.InputPropertiesError({
      message: `${reason} (${component})`,
      errors: [{ propertyPath: prop, reason }],
    });
  }
  return text;
}
