import * as pulumi from '@pulumi/pulumi';
import { type Callbacks, loadInternals, loadInternalsOf, WIRE } from '../../lib/pulumi/internals';
import { synthesize } from '../../lib/pulumi/synthesize';

/**
 * The contract with the parts of Pulumi's SDK that it does not document. When a release breaks one of these tests, only
 * lib/pulumi/internals.ts and what it names need a look.
 */
describe("Pulumi's SDK still", () => {
  const internals = loadInternals();

  test('marks values on the wire as we read them', async () => {
    const { specialSigKey, specialSecretSig, specialAssetSig, specialArchiveSig, specialResourceSig, unknownValue } =
      pulumi.runtime;
    expect(WIRE).toEqual({
      signature: specialSigKey,
      secret: specialSecretSig,
      asset: specialAssetSig,
      archive: specialArchiveSig,
      resource: specialResourceSig,
      unknown: unknownValue,
    });
  });

  test('keeps the state of a run in a store of its own', async () => {
    const outside = internals.getStore();
    await internals.withLocalStorage(async () => {
      const inside = internals.getStore();
      expect(inside).not.toBe(outside);
      inside.settings.options.project = 'inside';
      expect(pulumi.getProject()).toBe('inside');
      await Promise.resolve();
      expect(internals.getStore()).toBe(inside);
    });
    expect(pulumi.getProject()).not.toBe('inside');
  });

  test('has the fields of the store that we set', async () => {
    await internals.withLocalStorage(async () => {
      const { settings, leakCandidates, logErrorCount } = internals.getStore();
      expect(Object.keys(settings.options)).toEqual(
        expect.arrayContaining(['project', 'stack', 'dryRun', 'monitorAddr', 'organization', 'rootDirectory']),
      );
      expect(leakCandidates).toBeInstanceOf(Set);
      expect(logErrorCount).toBe(0);
      settings.options.dryRun = true;
      settings.options.monitorAddr = 'offline';
      settings.monitor = {};
      expect(pulumi.runtime.isDryRun()).toBe(true);
      expect(pulumi.runtime.hasMonitor()).toBe(true);
    });
    expect(pulumi.runtime.hasMonitor()).toBe(false);
  });

  test('keeps secret configuration in that store', async () => {
    await internals.withLocalStorage(async () => {
      internals.sdk.runtime.setAllConfig({ 'acme:key': 'value' }, ['acme:key']);
      expect(internals.sdk.runtime.getConfig('acme:key')).toBe('value');
      expect(await secretOf(new pulumi.Config('acme').requireSecret('key'))).toBe(true);
    });
    expect(pulumi.runtime.getConfig('acme:key')).toBeUndefined();
  });

  test('takes an unknown value for what it is', async () => {
    await internals.withLocalStorage(async () => {
      const output = pulumi.output(1).apply(() => internals.unknown);
      expect(await (output as unknown as { isKnown: Promise<boolean> }).isKnown).toBe(false);
    });
  });

  test('calls apply on a prototype that all outputs share, for access to properties too', async () => {
    const { apply } = internals.outputPrototype;
    const called: unknown[] = [];
    internals.outputPrototype.apply = function (run, runWithUnknowns) {
      called.push(runWithUnknowns);
      return apply.call(this, run, runWithUnknowns);
    };
    const output = pulumi.output({ a: 1 });
    output.apply(String);
    void output.a;
    internals.outputPrototype.apply = apply;
    expect(called).toEqual([undefined, true]);
  });

  test('calls functions of providers, and writes down those of a program, by an object of which a function can be replaced', () => {
    expect(internals.invokes).toBe(pulumi.runtime);
    for (const name of ['invoke', 'invokeSingle', 'serializeFunction']) {
      expect(Object.getOwnPropertyDescriptor(pulumi.runtime, name)).toMatchObject({ writable: true });
    }
  });

  test('waits for promises by an object of which the function can be replaced, without their stacks in an offline run', async () => {
    expect(Object.getOwnPropertyDescriptor(internals.debuggable, 'debuggablePromise')).toMatchObject({
      writable: true,
    });
    const stackOf = async () => {
      const promise = Promise.resolve();
      await internals.debuggable.debuggablePromise(promise, 'test');
      return (promise as unknown as { _debugStackTrace: string })._debugStackTrace.split('\n').length;
    };
    let within = 0;
    await synthesize(async () => void (within = await stackOf()));
    expect(within).toBe(1);
    const limit = Error.stackTraceLimit;
    expect(await internals.withLocalStorage(stackOf)).toBeGreaterThan(1);
    expect(Error.stackTraceLimit).toBe(limit);
  });

  test('keeps transforms by token in a callback server, also in one without a port', async () => {
    const registered: string[] = [];
    const monitor = {
      registerStackTransform: (request: { getToken(): string }, answer: (error: null, response: object) => void) => {
        registered.push(request.getToken());
        answer(null, {});
      },
    };
    const callbacks = internals.createCallbacks(monitor) as Callbacks & {
      registerStackTransform(transform: pulumi.ResourceTransform): void;
      awaitStackRegistrations(): Promise<void>;
    };
    callbacks.registerStackTransform(({ props, opts }) => ({ props: { ...props, added: 1 }, opts }));
    await callbacks.awaitStackRegistrations();
    const question = new internals.messages.TransformRequest();
    question.setName('name');
    const answer = await callbacks._callbacks.get(registered[0]!)!(question.serializeBinary());
    expect(answer).toBeInstanceOf(internals.messages.TransformResponse);
    callbacks.shutdown();
  });

  test('is found from a module of a program, and ours taken where that finds none', () => {
    expect(loadInternalsOf(__filename).sdk.Output).toBeDefined();
    expect(loadInternalsOf('/nowhere/index.js').sdk).toBe(internals.sdk);
  });

  test('has a promise to wait for what is under way', async () => {
    await internals.withLocalStorage(async () => {
      await expect(internals.waitForRPCs()).resolves.toBeUndefined();
    });
  });
});

function secretOf(output: pulumi.Output<unknown>): Promise<boolean> {
  return (output as unknown as { isSecret: Promise<boolean> }).isSecret;
}
