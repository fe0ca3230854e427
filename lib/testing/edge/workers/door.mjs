// Stands on the port of a Worker, and lets in who calls it by a name of its own.

/** As the ports of the other local run: names of this machine. */
const OWN_HOST = /^(127(\.\d{1,3}){3}|\[::1\]|([\w-]+\.)*localhost)(:\d+)?$/i;

/** Whether the databases have been seen to be ready. */
let isReady = false;

export default {
  /**
   * @param {Request} request
   * @param {{ WORKER: Fetcher, READY: Fetcher, HOSTS: readonly string[], DOMAINS: Record<string, string> } & Record<string, Fetcher>} env
   * @returns {Promise<Response>}
   */
  async fetch(request, env) {
    const { WORKER, READY, HOSTS, DOMAINS } = env;
    if (!isReady) {
      await READY.fetch('http://run/ready');
      isReady = true;
    }
    const host = request.headers.get('host') ?? '';
    const name = host.replace(/:\d+$/, '').toLowerCase();
    const other = env[DOMAINS[name] ?? ''];
    if (other) return other.fetch(request);
    if (OWN_HOST.test(host) || HOSTS.includes(name)) return WORKER.fetch(request);
    const said = `local run: requests to the host '${host}' are refused; call it as 127.0.0.1 or localhost\n`;
    return new Response(said, { status: 421, headers: { 'content-type': 'text/plain' } });
  },
};
