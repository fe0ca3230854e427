// What Workers send to the outside goes to the test; a call that fails there fails here as one does that finds nobody.

export default {
  /** @param {Request} request @param {{ NODE: Fetcher }} env */
  async fetch(request, { NODE }) {
    const answer = await NODE.fetch(request);
    const failed = answer.headers.get('x-lintel-failed');
    if (failed !== null) throw new Error(decodeURIComponent(failed));
    return answer;
  },
};
