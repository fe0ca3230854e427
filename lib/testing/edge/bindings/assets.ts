import type { BindingKind } from './binding-kind';

/** Static files, which come with the Worker. */
export const assets: BindingKind = { options: { assets: () => ({}) } };
