/** Seconds that a function may run when it does not say. */
export const DEFAULT_TIMEOUT = 10;

/** Memory of a function in MB, when it does not say. */
export const DEFAULT_MEMORY = 512;
