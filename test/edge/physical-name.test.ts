import { derivedName, physicalName } from '../../lib/edge/physical-name';

test('a derived name holds project, stack and component, in what all services accept', () => {
  expect(derivedName('Order_Events')).toBe('project-stack-order-events');
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
