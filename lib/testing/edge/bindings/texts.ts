import type { BindingKind } from './binding-kind';

/** Texts, secrets and JSON. */
export const texts: BindingKind = {
  options: {
    plain_text: ({ name, text }) => ({ bindings: { [name]: text } }),
    secret_text: ({ name }, values) => ({ bindings: { [name]: values.secret(name) } }),
    json: ({ name, json }) => ({ bindings: { [name]: JSON.parse(json!) } }),
  },
};
