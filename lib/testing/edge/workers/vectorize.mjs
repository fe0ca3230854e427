// A binding to an index of vectors: the runtime's own client, whose service is the run.
import makeBinding from 'cloudflare-internal:vectorize-api';

/** @param {{ SERVICE: Fetcher, INDEX: string }} env */
export default ({ SERVICE, INDEX }) =>
  makeBinding({ fetcher: SERVICE, indexId: INDEX, indexVersion: 'v2', useNdJson: true });
