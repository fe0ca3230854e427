import { matching } from './kinds';
import type { Kind } from './shape';

/** @see https://www.rfc-editor.org/rfc/rfc9110#name-field-names */
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** An OAuth scope; a token has several, separated by spaces. @see https://www.rfc-editor.org/rfc/rfc6749#section-3.3 */
export function scope(example: string): Kind {
  return matching(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'must be one scope, without spaces and quotes', example);
}

/** The value of a header. */
export function headerValue(example: string): Kind {
  return matching(/^[^\0\r\n]*$/, 'must be one line', example);
}

/** The name of a header. */
export function headerName(example: string): Kind {
  return matching(NAME, 'must be the name of a header, without spaces', example);
}
