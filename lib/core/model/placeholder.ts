/** What a placeholder stands for: an output of a resource. */
export interface Placeholder {
  readonly type: string;
  readonly path: string;
  /** The name of the output. */
  readonly attribute: string;
}

/** What stands in an input in the place of another resource's output. */
export function placeholder(type: string, path: string, attribute: string): string {
  return `\${${type}::${path}.${attribute}}`;
}

const WRITTEN = String.raw`\$\{([^$\{\}]+)::([^$\{\}]+)\.([^.$\{\}]+)\}`;
const WHOLE = new RegExp(`^${WRITTEN}$`);
const ANYWHERE = new RegExp(WRITTEN);
const EACH = new RegExp(WRITTEN, 'g');

/** What a text stands for that is nothing but a placeholder; undefined for any other. */
export function readPlaceholder(text: string): Placeholder | undefined {
  const [, type, path, attribute] = WHOLE.exec(text) ?? [];
  return type === undefined || path === undefined || attribute === undefined ? undefined : { type, path, attribute };
}

/** Whether a text holds a placeholder. */
export function holdsPlaceholder(text: string): boolean {
  return ANYWHERE.test(text);
}

/** A text with something else for each of its placeholders. */
export function replacePlaceholders(text: string, by: (named: Placeholder, written: string) => string): string {
  return text.replace(EACH, (written: string, type: string, path: string, attribute: string) =>
    by({ type, path, attribute }, written),
  );
}

/** A text in pieces: what stands in for something (placeholders, secrets, unknown values), and what is between. */
export function piecesOf(text: string): readonly string[] {
  return text.split(/(\$\{[^${}]*\})/);
}

/** What CloudFormation calls pseudo parameters: `${AWS::AccountId}` in a text stands for the account of the deployment. */
const PSEUDO = String.raw`\$\{AWS::[A-Za-z]+\}`;

const STANDS_IN = new RegExp(String.raw`${WRITTEN}|${PSEUDO}|\$\{unknown\}`);
const EACH_STAND_IN = new RegExp(STANDS_IN, 'g');
const WHOLE_PSEUDO = new RegExp(`^${PSEUDO}$`);

/** Whether a text holds something that stands for what is known only at deployment. */
export function holdsStandIn(text: string): boolean {
  return STANDS_IN.test(text);
}

/** A text with something else for whatever in it stands for what is known only at deployment. */
export function replaceStandIns(text: string, by: (standIn: string) => string): string {
  return text.replace(EACH_STAND_IN, (standIn) => by(standIn));
}

/** The pseudo parameter that a text stands for that is nothing else: `AWS::AccountId`. */
export function readPseudo(text: string): string | undefined {
  return WHOLE_PSEUDO.test(text) ? text.slice(2, -1) : undefined;
}
