/** Echoes what comes over a WebSocket, and says who is at the other end. */
export default {
  fetch(request) {
    if (request.headers.get('upgrade') !== 'websocket') return new Response('no socket', { status: 426 });
    const { 0: client, 1: server } = new WebSocketPair();
    server.accept();
    server.addEventListener('message', ({ data }) => server.send(`${request.headers.get('x-auth-subject')}: ${data}`));
    return new Response(null, { status: 101, webSocket: client });
  },
} satisfies ExportedHandler;
