/** Default timeout of a function in seconds. */
export const HANDLER_TIMEOUT = 10;

/** Default memory of a function in MB. */
export const HANDLER_MEMORY = 512;
