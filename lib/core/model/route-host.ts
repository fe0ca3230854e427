/** The host of a Worker's route pattern, with its leading `*`, if any: `*.example.com`. */
export function hostOfRoute(pattern: string): string {
  return pattern.replace(/^https?:\/\//, '').split('/')[0]!;
}
