/** Seconds that a function may run when it does not say. */
export const HANDLER_TIMEOUT = 10;

/** Memory of a function in MB, when it does not say. */
export const HANDLER_MEMORY = 512;
