import { MODELS } from '../models/model-worker';
import type { BindingKind } from './binding-kind';

/** Models; see models/ for what they say. */
export const ai: BindingKind = {
  resources: ['AiGateway'],
  options: { ai: ({ name }) => ({ wrappedBindings: { [name]: { scriptName: MODELS } } }) },
};
