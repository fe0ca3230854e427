import parser from './dependency.cjs';
export default { fetch: () => new Response(parser('a/b')) };
