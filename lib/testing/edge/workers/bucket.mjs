// A bucket's binding that does what it did, and tells queues of it as R2 does.

/**
 * @typedef {object} Rule
 * @property {readonly string[]} actions
 * @property {string} [prefix]
 * @property {string} [suffix]
 * @property {string} queue the binding of the queue
 */

/**
 * @param {{ BUCKET: R2Bucket, NAME: string, RULES: readonly Rule[] }} env with the queues beside them
 * @returns {object}
 */
export default function ({ BUCKET, NAME, RULES, ...queues }) {
  const byName = /** @type {Record<string, Queue>} */ (queues);

  /** @param {string} action @param {{ key: string, size?: number, eTag?: string }} object */
  async function tell(action, object) {
    const told = RULES.filter(
      ({ actions, prefix = '', suffix = '' }) =>
        actions.includes(action) && object.key.startsWith(prefix) && object.key.endsWith(suffix),
    );
    const message = { account: 'local', action, bucket: NAME, object, eventTime: new Date().toISOString() };
    await Promise.all(told.map(({ queue }) => byName[queue]?.send(message)));
  }

  const written = (/** @type {R2Object} */ { key, size, etag }) => ({ key, size, eTag: etag });

  const upload = (/** @type {R2MultipartUpload} */ of) => ({
    key: of.key,
    uploadId: of.uploadId,
    uploadPart: (/** @type {Parameters<R2MultipartUpload['uploadPart']>} */ ...part) => of.uploadPart(...part),
    abort: () => of.abort(),
    async complete(/** @type {R2UploadedPart[]} */ parts) {
      const object = await of.complete(parts);
      await tell('CompleteMultipartUpload', written(object));
      return object;
    },
  });

  return {
    head: (/** @type {string} */ key) => BUCKET.head(key),
    get: (/** @type {string} */ key, /** @type {R2GetOptions | undefined} */ options) => BUCKET.get(key, options),
    list: (/** @type {R2ListOptions | undefined} */ options) => BUCKET.list(options),
    async put(/** @type {string} */ key, /** @type {any} */ value, /** @type {R2PutOptions | undefined} */ options) {
      const object = await BUCKET.put(key, value, options);
      if (object) await tell('PutObject', written(object));
      return object;
    },
    async delete(/** @type {string | string[]} */ keys) {
      await BUCKET.delete(keys);
      await Promise.all([keys].flat().map((key) => tell('DeleteObject', { key })));
    },
    createMultipartUpload: async (/** @type {string} */ key, /** @type {R2MultipartOptions | undefined} */ options) =>
      upload(await BUCKET.createMultipartUpload(key, options)),
    resumeMultipartUpload: (/** @type {string} */ key, /** @type {string} */ id) =>
      upload(BUCKET.resumeMultipartUpload(key, id)),
  };
}
