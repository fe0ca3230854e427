import { Reference, Secret, type Text, Unknown } from './values';

/** A part of a text. */
type Part = Text['parts'][number];

const START = '{{resolve:';
const END = '}}';
const SERVICE = /^\{\{resolve:(ssm|ssm-secure|secretsmanager):/;

/**
 * Splits a text at its dynamic references: secrets, and parameters read at deployment. A reference may itself be
 * composed: `{{resolve:secretsmanager:${Secret}:SecretString:password}}`.
 */
export function withDynamicReferences(parts: readonly Part[]): readonly Part[] {
  if (!parts.some((part) => typeof part === 'string' && part.includes(START))) return parts;
  const made: Part[] = [];
  let open: Part[] | undefined;
  const take = (part: Part): void => {
    if (typeof part !== 'string') {
      (open ?? made).push(part);
      return;
    }
    const at = part.indexOf(open ? END : START);
    if (at < 0) (open ?? made).push(part);
    else if (open) {
      open.push(part.slice(0, at + END.length));
      made.push(...reference(open));
      open = undefined;
      take(part.slice(at + END.length));
    } else {
      made.push(part.slice(0, at));
      open = [];
      take(part.slice(at));
    }
  };
  parts.forEach(take);
  // An unterminated one is text.
  return open ? [...made, ...open] : made;
}

function reference(parts: readonly Part[]): readonly Part[] {
  const source = parts.map((part) => (typeof part === 'string' ? part : `\${${wordOf(part)}}`)).join('');
  const service = SERVICE.exec(source)?.[1];
  if (service === undefined || source.slice(START.length).includes('{{')) return parts;
  return [service === 'ssm' ? new Unknown(`${source} is read at deployment`) : new Secret(source)];
}

function wordOf(part: Exclude<Part, string>): string {
  if (part instanceof Reference) return part.target;
  return part instanceof Unknown ? (part.name ?? 'unknown') : 'secret';
}
