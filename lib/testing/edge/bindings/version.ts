import type { BindingKind } from './binding-kind';

/** What version of a Worker runs: always the same one here. */
export const version: BindingKind = {
  options: {
    version_metadata: ({ name }) => ({
      bindings: {
        [name]: { id: '00000000-0000-4000-8000-000000000000', tag: '', timestamp: new Date().toISOString() },
      },
    }),
  },
};
