/**
 * A time as a state machine writes it: in RFC 3339, with a capital `T`, and `Z` or a numeric offset.
 * @see https://states-language.net/spec.html#timestamps
 */
export const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;
