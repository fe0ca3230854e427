import * as pulumi from '@pulumi/pulumi';
import * as E from 'lintel/edge';
import { synthesize } from 'lintel/pulumi';
/** What a hostile newcomer writes: lists with holes, getters that throw, Outputs for literals, objects that hold themselves. */
const any = (value: unknown) => value as never;
const h = 'test/patterns/edge/workers/empty.ts';
const config = { 'cloudflare:accountId': 'a'.repeat(32) };
const thrower = (name: string, more: object = {}) =>
  Object.defineProperty({ ...more }, name, {
    enumerable: true,
    get() {
      throw new Error('boom of getter');
    },
  });
const holes = (at: unknown) => {
  const a = new Array(3) as unknown[];
  a[1] = at;
  return a;
};
const cyc: Record<string, unknown> = {};
cyc.self = cyc;
class Args {
  handler = h;
  get logs() {
    return 'x';
  }
}
const api = (a: unknown) => () => new E.EdgeApi('api', any(a));
const q = (a: unknown) => () => new E.EdgeQueueWorker('q', any(a));
const X = (n: number) => 'a'.repeat(n);

test.each<[string, () => unknown, string]>([
  ['api class args', api(new Args()), "'logs' must be an object, got 'x'; write it as { to: ['honeycomb'] } (api)"],
  [
    'api getter',
    api(thrower('handler')),
    "'handler' must be readable: reading it throws 'boom of getter'; give the value itself (api)",
  ],
  [
    'api access getter',
    api({ handler: h, access: thrower('DB') }),
    "'access.DB' must be readable: reading it throws 'boom of getter'; give the value itself (api)",
  ],
  [
    'api access cyc',
    api({ handler: h, access: cyc }),
    "'access.self' must be a capability, got { self: { self: { self: { ... } } } }; say what may be done: 'db.readWrite()', 'store.read()' (api)",
  ],
  [
    'api env cyc',
    api({ handler: h, environment: cyc }),
    "'environment.self' must be a string, or a JSON object or list, got { self: { self: { self: { ... } } } }; write it as 'prod', or { perMinute: 100 }; write a lone number or boolean as text: '100' (api)",
  ],
  [
    'api env null',
    api({ handler: h, environment: { AA: null } }),
    "'environment.AA' must be a string, or a JSON object or list, got null; write it as 'prod', or { perMinute: 100 }; write a lone number or boolean as text: '100' (api)",
  ],
  [
    'api env undefined',
    api({ handler: h, environment: { AA: undefined } }),
    "'environment.AA' must be a string, or a JSON object or list, got nothing; write it as 'prod', or { perMinute: 100 }; write a lone number or boolean as text: '100' (api)",
  ],
  [
    'api env number',
    api({ handler: h, environment: { AA: 5 } }),
    "'environment.AA' must be a string, or a JSON object or list, got 5; write it as 'prod', or { perMinute: 100 }; write a lone number or boolean as text: '100' (api)",
  ],
  [
    'api env NaN',
    api({ handler: h, environment: { AA: NaN } }),
    "'environment.AA' must be a string, or a JSON object or list, got NaN; write it as 'prod', or { perMinute: 100 }; write a lone number or boolean as text: '100' (api)",
  ],
  [
    'api env Map',
    api({ handler: h, environment: new Map() }),
    "'environment' must be an object with a name for each, got [object Map]; write it as { STAGE: 'prod' } (api)",
  ],
  [
    'api env unicode name',
    api({ handler: h, environment: { Ä: 'x' } }),
    "'environment.Ä' must be a JavaScript identifier that 'access', 'environment' and 'secrets' use only once, got 'Ä'; rename it (api)",
  ],
  [
    'api secrets null',
    api({ handler: h, secrets: { KEY: null } }),
    "'secrets.KEY' must be a string; write it as 'config.requireSecret(\"key\")' (api)",
  ],
  ['api cpu NaN', api({ handler: h, cpuTime: NaN }), "'cpuTime' must be a number, got NaN; give a number (api)"],
  [
    'api cpu string',
    api({ handler: h, cpuTime: '50' }),
    "'cpuTime' must be a number, got '50'; write it without quotes: 50 (api)",
  ],
  [
    'api cpu output',
    api({ handler: h, cpuTime: pulumi.output(50) }),
    "'cpuTime' must be a number, known when the program runs, got an Output of Pulumi; give the value itself, such as 'config.require()' does (api)",
  ],
  [
    'api cpu neg',
    api({ handler: h, cpuTime: -1 }),
    "'cpuTime' must be a whole number of milliseconds from 1 to 300000, got -1; split the work over several invocations if it needs more (api)",
  ],
  [
    'api flags holes',
    api({ handler: h, compatibilityFlags: holes('nodejs_compat') }),
    "'compatibilityFlags.0' must be a string, got nothing; write it as 'nodejs_compat' (api)\n'compatibilityFlags.2' must be a string, got nothing; write it as 'nodejs_compat' (api)",
  ],
  [
    'api flags string',
    api({ handler: h, compatibilityFlags: 'nodejs_compat' }),
    "'compatibilityFlags' must be a list, got 'nodejs_compat'; write it as ['nodejs_compat'] (api)",
  ],
  [
    'api flags empty',
    api({ handler: h, compatibilityFlags: [''] }),
    "'compatibilityFlags.0' must not be empty, got ''; write it as 'nodejs_compat' (api)",
  ],
  [
    'api name empty',
    () => new E.EdgeApi('', { handler: h }),
    "'name' must be a string, got ''; write it before the arguments: new EdgeApi('billing', { ... }) (EdgeApi)",
  ],
  [
    'api name num',
    () => new E.EdgeApi(any(5), { handler: h }),
    "'name' must be a string, got 5; write it before the arguments: new EdgeApi('billing', { ... }) (EdgeApi)",
  ],
  [
    'api handler output',
    api({ handler: pulumi.output(h) }),
    "'handler' must be a string, known when the program runs, got an Output of Pulumi; give the value itself, such as 'config.require()' does (api)",
  ],
  [
    'api modules',
    api({ handler: h, modules: holes('x') }),
    "'modules' must be an object with a name for each, got [nothing, 'x', nothing]; write it as { '.md': 'text' } (api)",
  ],
  [
    'api logs NaN',
    api({ handler: h, logs: { sampling: NaN } }),
    "'logs.sampling' must not be given, since nothing reads it; remove it; there are 'to', 'keep', 'sample', 'logpush' (api)",
  ],
  [
    'api logs 2',
    api({ handler: h, logs: { sampling: 2 } }),
    "'logs.sampling' must not be given, since nothing reads it; remove it; there are 'to', 'keep', 'sample', 'logpush' (api)",
  ],
  [
    'api routes',
    api({ handler: h, routes: ['*.example.com/*'] }),
    "'routes.0' must be an object, got '*.example.com/*'; write it as { pattern: 'example.com/api/*', zoneId } (api)",
  ],
  [
    'api domain',
    api({ handler: h, domain: 'https://api.example.com' }),
    "'domain' must be an object, got 'https://api.example.com'; write it as { hostname: 'api.example.com', zoneId } (api)",
  ],
  [
    'api domains holes',
    api({ handler: h, domains: holes('api.example.com') }),
    "'domains' must not be given, since nothing reads it; did you mean 'domain'? (api)",
  ],
  [
    'api domain long',
    api({ handler: h, domain: { name: X(300) + '.example.com', zoneId: 'z' } }),
    "'domain.name' must not be given, since nothing reads it; write 'hostname' (api)\n'domain.hostname' must be given, got nothing; give the hostname: 'api.example.com' (api)",
  ],
  [
    'api accountId num',
    api({ handler: h, accountId: 5 }),
    "'accountId' must be a string, got 5; write it as '0123456789abcdef0123456789abcdef' (api)",
  ],
  [
    'api accountId empty',
    api({ handler: h, accountId: '' }),
    "'accountId' must be an id, which has letters and digits only, and is no name, got ''; write it as '0123456789abcdef0123456789abcdef' (api)",
  ],
  [
    'api accountId null',
    api({ handler: h, accountId: null }),
    "'accountId' must be a string, got null; write it as '0123456789abcdef0123456789abcdef' (api)",
  ],
  [
    'api args function',
    api(() => ({ handler: h })),
    "'props' must be an object, got a function; write { accountId: ... } (api)",
  ],
  [
    'api args output',
    api(pulumi.output({ handler: h })),
    "'props' must be an object, got an Output of Pulumi; write { accountId: ... } (api)",
  ],
  [
    'api opts',
    () => new E.EdgeApi('api', { handler: h }, any('x')),
    "'opts' must be an object, the options of the resource, got 'x'; write it as { protect: true } (api)",
  ],
  [
    'api opts parent',
    () => new E.EdgeApi('api', { handler: h }, any({ parent: 5 })),
    "'opts.parent' must be a resource, got 5; pass the component itself: { parent: this } (api)",
  ],
  ['q batch NaN', q({ handler: h, batch: { size: NaN } }), "'batch.size' must be a number, got NaN; give a number (q)"],
  [
    'q batch holes',
    q({ handler: h, batch: holes(1) }),
    "'batch' must be an object, got [nothing, 1, nothing]; write it as { size: 100, window: 10 } (q)",
  ],
  [
    'q maxAttempts frac',
    q({ handler: h, maxAttempts: 1.5 }),
    "'maxAttempts' must be a whole number from 1 to 101, got 1.5; lower it; the dead-letter queue keeps what still fails (q)",
  ],
  [
    'q concurrency',
    q({ handler: h, maxConcurrency: 1000 }),
    "'maxConcurrency' must be a whole number from 1 to 250, got 1000; leave it out to follow the backlog (q)",
  ],
  [
    'q queue string',
    q({ handler: h, queue: 'jobs' }),
    "'queue' must be a queue, got 'jobs'; pass the queue itself (q)",
  ],
  [
    'cron list holes',
    () => new E.EdgeCron('c', any({ handler: h, schedules: holes('* * * * *') })),
    "'schedules' must not be given, since nothing reads it; did you mean 'schedule'? (c)\n'schedule' must name at least one time, each only once, got nothing; set '0 3 * * *', for instance (c)",
  ],
  [
    'cron schedule',
    () => new E.EdgeCron('c', any({ handler: h, schedule: 'rate(1 day)' })),
    "'schedule' has 2 fields instead of 5: minute, hour, day of month, month, day of week, got 'rate(1 day)'; write '0 3 * * *', for instance, daily at 03:00 UTC; Sunday is 1 (c)",
  ],
  [
    'cron schedule null',
    () => new E.EdgeCron('c', any({ handler: h, schedule: null })),
    "'schedule' must name at least one time, each only once, got nothing; set '0 3 * * *', for instance (c)",
  ],
  [
    'room className proto',
    () =>
      new E.EdgeRoom(
        'r',
        any({ handler: h, className: '__proto__', migrations: [{ tag: 'v1', create: '__proto__' }] }),
      ),
    "'migrations.0.create' must not be given, since nothing reads it; remove it; there are 'tag', 'newSqliteClasses', 'renamedClasses', 'deletedClasses', 'transferredClasses' (r)",
  ],
  [
    'room migrations holes',
    () =>
      new E.EdgeRoom(
        'r',
        any({ handler: 'test/patterns/edge/workers/rooms.ts', className: 'Room', migrations: holes({ tag: 'v1' }) }),
      ),
    "'migrations.0' must be an object, got nothing; write it as { tag: 'v1', newSqliteClasses: ['ChatRoom'] } (r)\n'migrations.2' must be an object, got nothing; write it as { tag: 'v1', newSqliteClasses: ['ChatRoom'] } (r)",
  ],
  [
    'room migrations null',
    () => new E.EdgeRoom('r', any({ handler: h, className: 'Room', migrations: null })),
    "'migrations' must be a list, got null; write it as [{ tag: 'v1', newSqliteClasses: ['ChatRoom'] }] (r)",
  ],
  [
    'db migrations',
    () => new E.EdgeDatabase('d', any({ migrations: 5 })),
    "'migrations' must be a string, got 5; write it as 'migrations' (d)",
  ],
  [
    'db location',
    () => new E.EdgeDatabase('d', any({ location: 'mars' })),
    "'location' must be one of 'wnam', 'enam', 'weur', 'eeur', 'apac', 'oc', got 'mars'; choose one of them (d)",
  ],
  [
    'db getter',
    () => new E.EdgeDatabase('d', any(thrower('migrations'))),
    "'migrations' must be readable: reading it throws 'boom of getter'; give the value itself (d)",
  ],
  [
    'bucket lifecycle NaN',
    () => new E.EdgeBucket('b', any({ lifecycle: { a: { expireAfter: NaN } } })),
    "'lifecycle.a.expireAfter' must be a number, got NaN; give a number (b)",
  ],
  [
    'token access holes',
    () => new E.ScopedToken('t', any({ access: holes(new E.EdgeDatabase('d').read()) })),
    "'access.0' must be a capability, got nothing; say what may be done: 'db.readWrite()', 'store.read()' (t)\n'access.2' must be a capability, got nothing; say what may be done: 'db.readWrite()', 'store.read()' (t)",
  ],
  [
    'token permissions holes',
    () => new E.ScopedToken('t', any({ permissions: holes('D1 Read') })),
    "'permissions.0' must be a string, got nothing; write it as 'D1 Read' (t)\n'permissions.2' must be a string, got nothing; write it as 'D1 Read' (t)",
  ],
  [
    'token permissions none',
    () => new E.ScopedToken('t', any({ permissions: [''] })),
    "'permissions.0' must not be empty, got ''; write it as 'D1 Read' (t)",
  ],
  [
    'token expires',
    () => new E.ScopedToken('t', any({ permissions: ['D1 Read'], expiresOn: 'tomorrow' })),
    "'expiresOn' must be a UTC time in whole seconds, as in RFC 3339, got 'tomorrow'; write '2027-01-31T00:00:00Z', for instance (t)",
  ],
  [
    'token addresses',
    () => new E.ScopedToken('t', any({ permissions: ['D1 Read'], allowedAddresses: holes('192.0.2.0/24') })),
    "'allowedAddresses.0' must be a string, got nothing; write it as '192.0.2.0/24' (t)\n'allowedAddresses.2' must be a string, got nothing; write it as '192.0.2.0/24' (t)",
  ],
  [
    'http db kind proto',
    () => new E.EdgeHttpDatabase('d', any({ kind: '__proto__', url: 'https://x', secret: 'x' })),
    "'kind' must be 'turso' or 'neon', got '__proto__'; choose one of them (d)",
  ],
  [
    'access method',
    () => api({ handler: h, access: { DB: new E.EdgeDatabase('d').read } })(),
    "'access.DB' must be a capability, got a function; say what may be done: 'db.readWrite()', 'store.read()' (api)",
  ],
  [
    'access component',
    () => api({ handler: h, access: { DB: new E.EdgeDatabase('d') } })(),
    "'access.DB' must be a capability, got 'EdgeDatabase'; say what may be done: 'db.readWrite()', 'store.read()' (api)",
  ],
  [
    'access array',
    () => api({ handler: h, access: [new E.EdgeDatabase('d').read()] })(),
    "'access' must be an object with a name for each, got [{ binding: { type: 'd1', databaseId: an Output of Pulumi }, permissions: [{ ... }] }]; write it as { DB: db.readWrite() } (api)",
  ],
  [
    'tail NaN',
    () => new E.EdgeTail('t', any({ handler: NaN })),
    "'handler' must be a string, got NaN; write it as 'workers/api.ts' (t)",
  ],
  [
    'workflow',
    () => new E.EdgeWorkflow('w', any({ handler: h, className: Symbol('x') })),
    "'className' must be a string, got Symbol(x); write it as 'OrderFlow' (w)",
  ],
  [
    'workflow steps',
    () => new E.EdgeWorkflow('w', any(null)),
    "'props' must be an object, got null; write { accountId: ... } (w)",
  ],
  [
    'api opts null',
    () => new E.EdgeApi('api', { handler: h }, any(null)),
    "'opts' must be an object, the options of the resource, got null; write it as { protect: true } (api)",
  ],
])('refuses %s', async (_, make, message) => {
  await expect(synthesize(make, { project: 'shop', stack: 'test', config })).rejects.toThrow(message);
});
