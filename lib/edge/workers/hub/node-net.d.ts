/** What the patterns of events use of Node.js, which the runtime brings. */
declare module 'node:net' {
  export function isIP(text: string): 0 | 4 | 6;
}
