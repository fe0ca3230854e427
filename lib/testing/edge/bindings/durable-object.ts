import type { BindingKind } from './binding-kind';

/** Durable Objects, with SQLite. */
export const durableObject: BindingKind = {
  options: {
    durable_object_namespace: ({ name, className, scriptName }) => ({
      durableObjects: { [name]: { className: className!, scriptName, useSQLite: true } },
    }),
  },
};
