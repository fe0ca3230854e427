// A database's binding whose queries go another way.

import makeBinding from 'cloudflare-internal:d1-api';

/**
 * @param {{ COPIES: Fetcher }} env
 * @returns {object}
 */
export default ({ COPIES }) => makeBinding({ fetcher: COPIES });
