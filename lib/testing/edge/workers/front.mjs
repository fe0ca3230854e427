// Calls a Worker as the network does: its static files first. Nothing but the run itself reaches it.

export default {
  /**
   * @param {Request} request
   * @param {{ WORKER: Fetcher }} env
   * @returns {Promise<Response>}
   */
  fetch: (request, { WORKER }) => WORKER.fetch(request),
};
