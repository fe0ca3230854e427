// The part of Vectorize's own interface that a deployment calls.

/** @typedef {{ config: { dimensions: number, metric: string }, metadata: Map<string, string>, vectorCount: number }} Index */

export class Vectorize {
  /** The indexes of all accounts, by name. @type {Map<string, Index>} */
  indexes = new Map();
  /** The end of the path of what is refused from now on. @type {string | undefined} */
  refuses = undefined;

  /** @param {string} method @param {string} at @param {string} body @returns {unknown} */
  answer(method, at, body) {
    const [, name = '', action = ''] = /\/vectorize\/v2\/indexes(?:\/([^/]+))?(?:\/(.+))?$/.exec(at) ?? [];
    if (this.refuses !== undefined && at.endsWith(this.refuses)) throw new Error('not allowed');
    const asked = body === '' ? {} : JSON.parse(body);
    if (name === '') {
      if (this.indexes.has(asked.name)) throw new Error(`vectorize.index.duplicate_name - ${asked.name}`);
      this.indexes.set(asked.name, { config: asked.config, metadata: new Map(), vectorCount: 0 });
      return asked;
    }
    const index = this.indexes.get(name);
    if (!index) throw Object.assign(new Error(`vectorize.index.not_found - Index name "${name}"`), { code: 3000 });
    if (method === 'DELETE') return this.indexes.delete(name) && null;
    switch (action) {
      case '':
        return { name, config: index.config };
      case 'info':
        return { vectorCount: index.vectorCount };
      case 'metadata_index/create':
        index.metadata.set(asked.propertyName, asked.indexType);
        return { mutationId: 'm' };
      case 'metadata_index/delete':
        index.metadata.delete(asked.propertyName);
        return { mutationId: 'm' };
      default: {
        const rows = [...index.metadata].map(([propertyName, indexType]) => ({ propertyName, indexType }));
        return { metadataIndexes: rows };
      }
    }
  }
}
