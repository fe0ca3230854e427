import { derivedName, physicalName } from '../../lib/edge/physical-name';

test('a derived name holds project, stack and component, in what all services accept', () => {
  expect(derivedName('Order_Events')).toBe('project-stack-order-events');
});

test('a word of another script is in a derived name as a hash, so that two components have two names', () => {
  expect(derivedName('注文')).toBe('project-stack-266125dd');
  const names = ['請求', '注文-dead-letters', 'Заказы api', '🚀', '注文 請求', 'हिन्दी'].map(derivedName);
  for (const name of names) expect(name).toMatch(/^project-stack(-[0-9a-f]{8})+(-api|-dead-letters)?$/);
  expect(new Set([...names, derivedName('注文')]).size).toBe(7);
  expect(derivedName('が')).toBe(derivedName('か\u3099'));
});

test('a word with a Latin letter has only its Latin letters in a derived name', () => {
  expect(derivedName('café — №1')).toBe('project-stack-caf-1');
});

test('a long name is cut, and stays a name of its own', () => {
  const [one, other] = [derivedName(`${'x'.repeat(80)}1`), derivedName(`${'x'.repeat(80)}2`)];
  expect(one).toHaveLength(63);
  expect(one).toMatch(/^project-stack-x+-[0-9a-f]{8}$/);
  expect(one).not.toBe(other);
});

test('a derived name survives a rename of the component, a given one is followed', () => {
  expect(physicalName(undefined, 'db', 'name').ignoreChanges).toEqual(['name']);
  expect(physicalName('orders', 'db', 'name')).toEqual({ value: 'orders' });
});
