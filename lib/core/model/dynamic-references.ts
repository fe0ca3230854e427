import { concatenate } from './text';
import { Secret, Unknown, type Value } from './values';

const DYNAMIC_REFERENCE = /(\{\{resolve:(?:ssm|ssm-secure|secretsmanager):[^{}]*\}\})/;

/** A literal text of a template, with its dynamic references made visible: secrets, and parameters read at deployment. */
export function withDynamicReferences(text: string): Value {
  if (!text.includes('{{resolve:')) return text;
  return concatenate(
    text.split(DYNAMIC_REFERENCE).map((part) => {
      if (!DYNAMIC_REFERENCE.test(part)) return part;
      return part.startsWith('{{resolve:ssm:') ? new Unknown(`${part} is read at deployment`) : new Secret(part);
    }),
  );
}
