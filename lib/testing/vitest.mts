/** `import 'lintel/testing/vitest'`, once in a file of `setupFiles`: vitest's `expect` has the matchers. */
import { expect } from 'vitest';
import { addMatchers, type LintelMatchers } from './index.js';

addMatchers(expect);

declare module 'vitest' {
  // The type parameter must be that of vitest.
  interface Matchers<T> extends LintelMatchers<void> {}
}
