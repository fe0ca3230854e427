/** Says what it is asked for, and throws when it is asked to. */
export default {
  fetch(request) {
    const { pathname } = new URL(request.url);
    console.log(`asked ${pathname}`);
    if (pathname === '/throw') throw new Error('on purpose');
    return new Response('ok');
  },
} satisfies ExportedHandler;
