import type { BindingKind } from './binding-kind';

/** Other Workers. */
export const service: BindingKind = {
  options: {
    service: ({ name, service: worker, entrypoint }) => ({
      serviceBindings: { [name]: { name: worker!, entrypoint } },
    }),
  },
};
