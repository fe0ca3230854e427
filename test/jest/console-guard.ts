/**
 * A test that prints what nobody expects fails: noise hides what matters. One that expects it replaces the method with
 * `jest.spyOn(console, 'warn').mockImplementation()`.
 */
const printed: string[] = [];

for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
  console[method] = (...parts: unknown[]) => void printed.push(`console.${method}: ${parts.map(String).join(' ')}`);
}

function check(): void {
  const all = printed.splice(0);
  if (all.length > 0) throw new Error(`the test printed what it does not expect:\n${all.join('\n')}`);
}

afterEach(check);
afterAll(check);
