interface Env {
  readonly SEEN: KVNamespace;
}

/** Keeps how the invocations of others ended, and what they logged. */
export default {
  async tail(events, { SEEN }) {
    for (const { scriptName, outcome, logs, exceptions } of events) {
      const said = logs.map(({ message }) => String(message));
      await SEEN.put(outcome, JSON.stringify({ scriptName, said, threw: exceptions.map(({ message }) => message) }));
    }
  },
} satisfies ExportedHandler<Env>;
