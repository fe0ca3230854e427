import type { BindingKind, GraphBinding } from './binding-kind';

export const rateLimit: BindingKind = {
  options: {
    ratelimit: ({ name, simple }: GraphBinding) => ({
      ratelimits: { [name]: { simple: simple as { limit: number; period: number } } },
    }),
  },
};
