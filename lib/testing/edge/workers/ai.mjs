// A binding to models: the runtime's own client, whose service is the run.
import makeBinding from 'cloudflare-internal:ai-api';

/** @param {{ SERVICE: Fetcher }} env */
export default ({ SERVICE }) => makeBinding({ fetcher: SERVICE });
