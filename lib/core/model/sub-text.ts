/** A variable in the text of `Fn::Sub`. */
export interface SubVariable {
  /** A parameter, a resource, `Resource.Attribute`, or a name of the function's own map. */
  readonly variable: string;
}

const VARIABLE = /(\$\{[^{}]*\})/;

/** The text of `Fn::Sub`, divided at its variables; `${!Literal}` is text. */
export function subParts(text: string): (string | SubVariable)[] {
  return text.split(VARIABLE).map((piece, index) => {
    if (index % 2 === 0) return piece;
    const name = piece.slice(2, -1).trim();
    return name.startsWith('!') ? `\${${name.slice(1)}}` : { variable: name };
  });
}

/** The names of the variables in the text of `Fn::Sub`. */
export function subVariables(text: string): string[] {
  return subParts(text).flatMap((part) => (typeof part === 'string' ? [] : [part.variable]));
}

/** The text of `Fn::Sub` with some variables replaced; one for which `by` returns undefined stays. */
export function replaceSubVariables(text: string, by: (variable: string) => string | undefined): string {
  return text
    .split(VARIABLE)
    .map((piece, index) => (index % 2 === 0 ? piece : (by(piece.slice(2, -1).trim()) ?? piece)))
    .join('');
}
