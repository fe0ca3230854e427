import type { Internals, WireStruct } from './internals';

/** An engine's answer to an unknown question (gRPC's UNIMPLEMENTED): the SDK then does without. */
export const UNIMPLEMENTED = Object.assign(new Error('not known to this engine'), { code: 12 });

/** Setters of the protocol's answers, as far as they are used here. */
interface Message {
  setHassupport(has: boolean): Message;
  setUrn(urn: string): Message;
  setId(id: string): Message;
  setObject(state: WireStruct): Message;
  setProperties(state: WireStruct): Message;
  setReturn(result: WireStruct): Message;
  setUnknown(unknown: boolean): Message;
  setRef(reference: string): Message;
}

/** The answers of an engine, as messages of the SDK's own protocol, with everything the SDK reads from them. */
export class Answers {
  constructor(private readonly protocol: Pick<Internals, 'monitorService' | 'Struct'>) {}

  /** An empty acknowledgement. */
  empty(method: string): object {
    return this.message(method);
  }

  support(has: boolean): object {
    return this.message('supportsFeature').setHassupport(has);
  }

  registration(urn: string, id: string, state: Record<string, unknown>): object {
    return this.message('registerResource').setUrn(urn).setId(id).setObject(this.struct(state));
  }

  read(urn: string, id: string, state: Record<string, unknown>): object {
    const answer = this.message('readResource').setUrn(urn).setProperties(this.struct(state));
    // Newer engines repeat the id; with older ones the SDK keeps what it asked for.
    return 'setId' in answer ? answer.setId(id) : answer;
  }

  /** It is unknown whether a resource exists. */
  exists(): object {
    return this.message('existsResource').setUnknown(true);
  }

  result(method: 'invoke' | 'call', result: Record<string, unknown>): object {
    return this.message(method).setReturn(this.struct(result));
  }

  package(): object {
    return this.message('registerPackage').setRef('');
  }

  private message(method: string): Message {
    return Reflect.construct(this.protocol.monitorService[method]!.responseType, []) as Message;
  }

  private struct(value: Record<string, unknown>): WireStruct {
    return this.protocol.Struct.fromJavaScript(value);
  }
}
