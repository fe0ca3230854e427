interface Env {
  /** The hostname that it leads to. */
  readonly TO: string;
}

/** Answers for hostnames that are not the site's own: leads to the same path of the site. */
export default {
  fetch(request, { TO }) {
    const { pathname, search } = new URL(request.url);
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    return new Response(null, {
      // The method and the body stay with 308; readers of old know 301.
      status: isRead ? 301 : 308,
      // Browsers would keep it for good, whatever it leads to later.
      headers: { location: `https://${TO}${pathname}${search}`, 'cache-control': 'public, max-age=3600' },
    });
  },
} satisfies ExportedHandler<Env>;
