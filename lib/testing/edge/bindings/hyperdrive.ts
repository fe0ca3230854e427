import type { BindingKind } from './binding-kind';

/** Hyperdrive configurations; see pools.ts for the databases behind them. */
export const hyperdrive: BindingKind = {
  resources: ['HyperdriveConfig'],
  options: { hyperdrive: ({ name, id }, values) => ({ hyperdrives: { [name]: values.connectionString(id!) } }) },
};
