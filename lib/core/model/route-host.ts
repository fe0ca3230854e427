/** The host of the pattern of a Worker's route, with the `*` that it may begin with: `*.example.com`. */
export function hostOfRoute(pattern: string): string {
  return pattern.replace(/^https?:\/\//, '').split('/')[0]!;
}
