import type { PlanNode, SagaPlan } from './plan';

/** The saga as a Mermaid flowchart: steps downwards, compensations upwards, and the ends. */
export function picture({ nodes }: SagaPlan): string {
  const ids = new Map(nodes.flatMap(({ steps }) => steps).map(({ name }, index) => [name, `s${index}`]));
  const step = (name: string) => ids.get(name)!;
  const undo = (name: string) => `${step(name)}u`;
  const lines: string[] = [];
  const line = (text: string, depth = 1) => lines.push(`${'  '.repeat(depth)}${text}`);
  line('begin([begin])');
  for (const [index, node] of nodes.entries()) {
    if (node.kind === 'group') {
      line(`subgraph g${index}["at once"]`);
      for (const { name } of node.steps) line(`${step(name)}["${name}"]`, 2);
      line('end');
    } else line(`${step(node.name)}["${labelOf(node)}"]`);
  }
  line('done([done])');
  const entry = (node: PlanNode) => (node.kind === 'group' ? `g${nodes.indexOf(node)}` : step(node.name));
  const way = ['begin', ...nodes.map(entry), 'done'];
  for (let index = 1; index < way.length; index++) line(`${way[index - 1]} --> ${way[index]}`);

  const compensated = nodes.flatMap(({ steps }) => steps).filter(({ compensation }) => compensation !== undefined);
  for (const { name } of compensated) line(`${undo(name)}["undo ${name}"]`);
  line('undone([undone])');
  const after = (index: number) => {
    const earlier = nodes.slice(0, index + 1).flatMap(({ steps }) => steps);
    const last = earlier.filter((one) => compensated.includes(one)).at(-1);
    return last === undefined ? 'undone' : undo(last.name);
  };
  for (const [index, node] of nodes.entries()) line(`${entry(node)} -. fails .-> ${after(index)}`);
  for (const [index, { name }] of compensated.entries()) {
    const before = compensated[index - 1];
    line(`${undo(name)} --> ${before === undefined ? 'undone' : undo(before.name)}`);
  }
  if (compensated.length > 0) {
    line('parked([parked, with an alarm])');
    for (const { name } of compensated) line(`${undo(name)} -. fails for good .-> parked`);
  }
  return ['flowchart TD', ...lines].join('\n');
}

function labelOf(node: PlanNode): string {
  const [{ name, when, action }] = node.steps;
  const details = [
    ...(node.kind === 'each' ? [`for each, at most ${node.maxItems}`] : []),
    ...(when === undefined ? [] : ['where wanted']),
    ...(action.callback ? ['waits for an answer'] : []),
  ];
  return [name, ...details].join(', ');
}
