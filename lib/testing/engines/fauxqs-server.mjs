// Serves S3 from memory on 127.0.0.1: the main module of fauxqs, and the port, are the arguments.
const [file = '', port = '0'] = process.argv.slice(2);
const { buildApp } = await import(file);
await buildApp({ logger: false }).listen({ host: '127.0.0.1', port: Number(port) });
