import { vectorWorker } from '../vectors/vector-indexes';
import type { BindingKind } from './binding-kind';

/** Indexes of vectors. */
export const vectorize: BindingKind = {
  resources: ['VectorIndex'],
  options: {
    vectorize: ({ name, indexName }) => ({ wrappedBindings: { [name]: { scriptName: vectorWorker(indexName!) } } }),
  },
};
