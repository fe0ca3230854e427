/** What event patterns use of Node.js, provided by the runtime. */
declare module 'node:net' {
  export function isIP(text: string): 0 | 4 | 6;
}
