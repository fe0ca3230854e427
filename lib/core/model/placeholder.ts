/** The target of a placeholder: an output of a resource. */
export interface Placeholder {
  readonly type: string;
  readonly path: string;
  /** The name of the output. */
  readonly attribute: string;
}

/** The placeholder in an input for another resource's output. */
export function placeholder(type: string, path: string, attribute: string): string {
  return `\${${type}::${path}.${attribute}}`;
}

const WRITTEN = String.raw`\$\{([^$\{\}]+)::([^$\{\}]+)\.([^.$\{\}]+)\}`;
const WHOLE = new RegExp(`^${WRITTEN}$`);
const ANYWHERE = new RegExp(WRITTEN);
const EACH = new RegExp(WRITTEN, 'g');

/** The target of a text that is just a placeholder; undefined for any other. */
export function readPlaceholder(text: string): Placeholder | undefined {
  const [, type, path, attribute] = WHOLE.exec(text) ?? [];
  return type === undefined || path === undefined || attribute === undefined ? undefined : { type, path, attribute };
}

/** Whether a text has a placeholder. */
export function holdsPlaceholder(text: string): boolean {
  return ANYWHERE.test(text);
}

/** Replaces each placeholder in a text. */
export function replacePlaceholders(text: string, by: (named: Placeholder, written: string) => string): string {
  return text.replace(EACH, (written: string, type: string, path: string, attribute: string) =>
    by({ type, path, attribute }, written),
  );
}

/** Splits a text into stand-ins (placeholders, secrets, unknown values) and the text between them. */
export function piecesOf(text: string): readonly string[] {
  return text.split(/(\$\{[^${}]*\})/);
}

/** CloudFormation's pseudo parameters: `${AWS::AccountId}` in a text is the deployment's account. */
const PSEUDO = String.raw`\$\{AWS::[A-Za-z]+\}`;

const STANDS_IN = new RegExp(String.raw`${WRITTEN}|${PSEUDO}|\$\{unknown\}`);
const EACH_STAND_IN = new RegExp(STANDS_IN, 'g');
const WHOLE_PSEUDO = new RegExp(`^${PSEUDO}$`);

/** Whether a text has a stand-in for something known only at deployment. */
export function holdsStandIn(text: string): boolean {
  return STANDS_IN.test(text);
}

/** Replaces every stand-in for something known only at deployment. */
export function replaceStandIns(text: string, by: (standIn: string) => string): string {
  return text.replace(EACH_STAND_IN, (standIn) => by(standIn));
}

/** The pseudo parameter of a text that is just that: `AWS::AccountId`. */
export function readPseudo(text: string): string | undefined {
  return WHOLE_PSEUDO.test(text) ? text.slice(2, -1) : undefined;
}
