interface Env {
  /** The target hostname. */
  readonly TO: string;
}

/** Serves hostnames other than the site's own: redirects to the same path on the site. */
export default {
  fetch(request, { TO }) {
    const { pathname, search } = new URL(request.url);
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    return new Response(null, {
      // 308 keeps method and body; old clients know 301.
      status: isRead ? 301 : 308,
      // Otherwise browsers would cache it forever, even if the target changes.
      headers: { location: `https://${TO}${pathname}${search}`, 'cache-control': 'public, max-age=3600' },
    });
  },
} satisfies ExportedHandler<Env>;
