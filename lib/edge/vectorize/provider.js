'use strict';
// Creates a Vectorize index with its metadata indexes. A deployment passes its text to Pulumi's dynamic provider, which calls
// `handler`, so it imports nothing.

/** @typedef {Record<string, string>} Metadata the type of each property that has a metadata index */
/** @typedef {{ accountId: string, indexName: string, dimensions: number, metric: string, metadata: Metadata, adopt?: boolean }} Inputs */
/** @typedef {Inputs & { uncovered?: Record<string, number> }} Outputs */
/** @typedef {{ dimensions: number, metric: string }} Config */

/** It is unknown whether a request was carried out. */
class NoAnswer extends Error {}

/** An error from the service, with its codes. */
class Refusal extends Error {
  /** @param {string} message @param {number} status @param {readonly number[]} codes */
  constructor(message, status, codes) {
    super(message);
    this.status = status;
    this.codes = codes;
  }
}

/** Codes of the service for an index that does not exist, or was deleted. */
const MISSING = [3000, 3005];

/**
 * The provider of the resource.
 * @param {{ pause: number, most: number }} [pace] milliseconds between polls, and the most that a change may take to become visible
 * @see https://www.pulumi.com/docs/iac/concepts/resources/dynamic-providers/
 */
function handler({ pause, most } = { pause: 1_000, most: 120_000 }) {
  let baseUrl = '';
  let apiToken = '';
  /** @param {number} time */
  const wait = (time) => new Promise((resolve) => setTimeout(resolve, time));

  /** @param {string} method @param {string} path @param {unknown} [body] @returns {Promise<any>} */
  const askOnce = async (method, path, body) => {
    const response = await fetch(`${baseUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${apiToken}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }).catch((error) => {
      throw new NoAnswer(`no answer of ${baseUrl}: ${error instanceof Error ? error.message : error}`);
    });
    const answer = await response.json().catch(() => undefined);
    /** @type {{ success?: boolean, result?: any, errors?: { code?: number, message: string }[] }} */
    const { success, result, errors = [] } = Object(answer);
    if (response.ok && success) return result;
    const reason = errors.map(({ code, message }) => (code ? `${message} (${code})` : message)).join('; ');
    const message = `${method} ${path}: ${reason || `status ${response.status}`}`;
    if (response.status >= 500 || answer === undefined) throw new NoAnswer(message);
    const codes = errors.flatMap(({ code }) => code ?? []);
    throw new Refusal(message, response.status, codes);
  };

  /**
   * Retries requests refused by rate limiting, which were not processed, and unanswered ones if repeating them does no harm.
   * @param {string} method @param {string} path @param {unknown} [body] @returns {Promise<any>}
   */
  const ask = async (method, path, body) => {
    for (let attempt = 0; ; attempt++) {
      try {
        return await askOnce(method, path, body);
      } catch (error) {
        const isBusy = error instanceof Refusal && error.status === 429;
        if (attempt >= 5 || !(isBusy || (error instanceof NoAnswer && method !== 'POST'))) throw error;
        await wait(pause * 2 ** attempt);
      }
    }
  };

  /** @param {string} what @param {() => Promise<boolean>} isSo */
  const until = async (what, isSo) => {
    for (const end = Date.now() + most; !(await isSo());) {
      if (Date.now() > end) throw new Error(`after ${most / 1_000} seconds ${what}`);
      await wait(pause);
    }
  };

  /** @param {Inputs} inputs */
  const indexOf = ({ accountId, indexName, dimensions, metric }) => {
    const all = `/accounts/${accountId}/vectorize/v2/indexes`;
    const path = `${all}/${indexName}`;
    /** @returns {Promise<Config | undefined>} its configuration; undefined when there is none */
    const find = async () => {
      try {
        return (await ask('GET', path)).config;
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    };
    /** @returns {Promise<Metadata>} */
    const metadata = async () => {
      const { metadataIndexes } = Object(await ask('GET', `${path}/metadata_index/list`));
      /** @type {{ propertyName: string, indexType: string }[]} */
      const rows = metadataIndexes ?? [];
      return Object.fromEntries(rows.map(({ propertyName, indexType }) => [propertyName, indexType.toLowerCase()]));
    };
    return {
      find,
      metadata,
      async create() {
        const lost = await ask('POST', all, { name: indexName, config: { dimensions, metric } }).then(
          () => '',
          (error) => {
            // There was none a moment ago: if one appears soon, it is the requested one.
            if (error instanceof NoAnswer) return `: ${error.message}`;
            throw error;
          },
        );
        await until(`the index '${indexName}' is not found${lost}`, async () => (await find()) !== undefined);
      },
      delete: () =>
        ask('DELETE', path).catch((error) => {
          if (!isMissing(error)) throw error;
        }),
      /**
       * Brings the metadata indexes to the desired state.
       * @param {Metadata} wanted
       * @returns {Promise<Record<string, number>>} how many vectors already existed when one was created, which it does not cover
       */
      async align(wanted) {
        const had = await metadata();
        for (const property of Object.keys(had).filter((name) => wanted[name] !== had[name])) {
          await ask('POST', `${path}/metadata_index/delete`, { propertyName: property }).catch((error) => {
            if (!(error instanceof NoAnswer)) throw error;
          });
          await until(`the metadata index of '${property}' is still there`, async () => !(await metadata())[property]);
        }
        /** @type {Record<string, number>} */
        const uncovered = {};
        for (const [property, indexType] of Object.entries(wanted).filter(([name, type]) => had[name] !== type)) {
          const { vectorCount = 0 } = Object(await ask('GET', `${path}/info`));
          // The service accepts a second one for the same property, so this is not retried.
          await ask('POST', `${path}/metadata_index/create`, { propertyName: property, indexType }).catch((error) => {
            if (!(error instanceof NoAnswer)) throw error;
          });
          await until(`the metadata index of '${property}' is not there`, async () => property in (await metadata()));
          if (vectorCount > 0) uncovered[property] = vectorCount;
        }
        return uncovered;
      },
    };
  };

  /** @param {unknown} error */
  function isMissing(error) {
    if (!(error instanceof Refusal)) return false;
    return error.codes.some((code) => MISSING.includes(code)) || error.status === 404 || error.status === 410;
  }

  /**
   * Refuses to take over an index if metadata indexes would be lost: a recreated one does not cover earlier vectors.
   * @param {string} indexName @param {Metadata} has @param {Metadata} wanted
   */
  function checkKept(indexName, has, wanted) {
    const lost = Object.entries(has).filter(([property, type]) => wanted[property] !== type);
    if (lost.length === 0) return;
    const all = lost.map(([property, type]) => `'${property}': '${type}'`).join(', ');
    throw new Error(
      `the index '${indexName}' cannot be taken over: filters by its metadata indexes would no longer find anything; add these to 'metadata', and remove them later if they are unused: { ${all} }`,
    );
  }

  function needToken() {
    if (!apiToken) throw new Error("set CLOUDFLARE_API_TOKEN or 'pulumi config set --secret cloudflare:apiToken'");
  }

  /**
   * State of an index: after a failure, what exists of it, so that the next deployment does the rest.
   * @param {Inputs} inputs @param {Record<string, number>} known vectors that earlier metadata indexes do not cover
   * @returns {Promise<Outputs>}
   */
  const settle = async (inputs, known) => {
    const index = indexOf(inputs);
    try {
      const found = await index.align(inputs.metadata);
      for (const [property, count] of Object.entries(found)) {
        console.log(
          `the metadata index of '${property}' of '${inputs.indexName}' does not cover the ${count} vectors written before it: a filter by it does not find them until they are written again`,
        );
      }
      return { ...inputs, uncovered: only(inputs.metadata, { ...known, ...found }) };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const metadata = await index.metadata().catch(() => ({}));
      const properties = { ...inputs, metadata, uncovered: only(metadata, known) };
      throw Object.assign(new Error(message), { id: inputs.indexName, properties, reasons: [message] });
    }
  };

  return {
    /** @param {{ config: { get(key: string): string | undefined } }} request */
    async configure({ config }) {
      apiToken = config.get('cloudflare:apiToken') ?? process.env.CLOUDFLARE_API_TOKEN ?? '';
      baseUrl = config.get('cloudflare:baseUrl') ?? 'https://api.cloudflare.com/client/v4';
    },
    /** @param {string} _id @param {Outputs} olds @param {Inputs} news */
    async diff(_id, olds, news) {
      const replaces = /** @type {const} */ (['accountId', 'indexName', 'dimensions', 'metric']).filter(
        (key) => olds[key] !== news[key],
      );
      return {
        changes: replaces.length > 0 || !isSame(olds.metadata, news.metadata),
        replaces,
        // Two indexes cannot have one name.
        deleteBeforeReplace: !replaces.includes('indexName') && !replaces.includes('accountId'),
      };
    },
    /** @param {Inputs} inputs */
    async create(inputs) {
      needToken();
      const index = indexOf(inputs);
      const found = await index.find();
      const { indexName, dimensions, metric, adopt } = inputs;
      if (found && !adopt) {
        throw new Error(
          `there already is an index '${indexName}' that this program did not create; choose another 'indexName', or take it over with 'adopt: true'`,
        );
      }
      if (found && (found.dimensions !== dimensions || found.metric !== metric)) {
        throw new Error(
          `the index '${indexName}' cannot be taken over: it has ${found.dimensions} dimensions and the metric '${found.metric}', not ${dimensions} and '${metric}', and neither can be changed`,
        );
      }
      if (found) checkKept(indexName, await index.metadata(), inputs.metadata);
      else await index.create();
      return { id: indexName, outs: await settle(inputs, {}) };
    },
    /** @param {string} _id @param {Outputs} olds @param {Inputs} news */
    async update(_id, olds, news) {
      needToken();
      const kept = Object.entries(olds.uncovered ?? {}).filter(([name]) => olds.metadata[name] === news.metadata[name]);
      return { outs: await settle(news, Object.fromEntries(kept)) };
    },
    /** @param {string} id @param {Outputs} props */
    async read(id, props) {
      needToken();
      const index = indexOf(props);
      const found = await index.find();
      if (!found) return {};
      const metadata = await index.metadata();
      const uncovered = only(metadata, props.uncovered ?? {});
      return { id, props: { ...props, dimensions: found.dimensions, metric: found.metric, metadata, uncovered } };
    },
    /** @param {string} _id @param {Outputs} props */
    async delete(_id, props) {
      needToken();
      await indexOf(props).delete();
    },
  };
}

/** @param {Metadata} metadata @param {Record<string, number>} counts */
function only(metadata, counts) {
  return Object.fromEntries(Object.entries(counts).filter(([name]) => name in metadata));
}

/** @param {Metadata} [a] @param {Metadata} [b] */
function isSame(a = {}, b = {}) {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

module.exports = { handler };
