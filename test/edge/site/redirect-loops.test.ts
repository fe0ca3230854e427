import { readRedirects } from '../../../lib/edge/site/asset-rules';
import { type HtmlHandling, pageAddress } from '../../../lib/edge/site/html-handling';
import { redirectLoops } from '../../../lib/edge/site/redirect-loops';

const FILES = ['index.html', 'about.html', 'docs/index.html', 'both.html', 'both/index.html', 'logo.png'];

const loops = (text: string, handling: HtmlHandling = 'auto-trailing-slash') =>
  redirectLoops(readRedirects(text).rules, FILES, handling).map(({ line, rule }) => `${line}: ${rule}`);

test.each<[string, string, HtmlHandling]>([
  ['/a /b\n/b /a', '/a -> /b -> /a', 'auto-trailing-slash'],
  ['/a /a', '/a -> /a', 'auto-trailing-slash'],
  ['/docs/ /docs', '/docs/ -> /docs -> /docs/', 'auto-trailing-slash'],
  ['/about /about/', '/about -> /about/ -> /about', 'auto-trailing-slash'],
  ['/about /about.html', '/about -> /about.html -> /about', 'auto-trailing-slash'],
  ['/about/ /about', '/about/ -> /about -> /about/', 'force-trailing-slash'],
  ['/docs /docs/', '/docs -> /docs/ -> /docs', 'drop-trailing-slash'],
  ['/* /home', '/home -> /home', 'auto-trailing-slash'],
  ['/* https://example.org/:splat 200\n/a /b\n/b /a', '/a -> /b -> /a', 'auto-trailing-slash'],
  ['/a/* /a/b/:splat', '/a/x -> /a/b/x -> /a/b/b/x -> /a/b/b/b/x -> ...', 'auto-trailing-slash'],
  ['/:page /:page?again=1#top', '/x -> /x', 'auto-trailing-slash'],
])('refuses a circle: %j', (text, circle, handling) => {
  expect(loops(text, handling)).toEqual([expect.stringContaining(`must not loop: ${circle}`)]);
});

test.each<[string, HtmlHandling]>([
  ['/a /b\n/b /c', 'auto-trailing-slash'],
  ['/about/ /about', 'auto-trailing-slash'],
  ['/docs /docs/', 'auto-trailing-slash'],
  ['/about /about/', 'force-trailing-slash'],
  ['/docs/ /docs', 'drop-trailing-slash'],
  ['/about /about.html', 'none'],
  ['/app/* /app/index 200', 'auto-trailing-slash'],
  ['/* https://example.org/:splat', 'auto-trailing-slash'],
  ['/blog/* /posts/:splat', 'auto-trailing-slash'],
  ['/both /both/', 'auto-trailing-slash'],
])('accepts what ends: %j', (text, handling) => {
  expect(loops(text, handling)).toEqual([]);
});

test('leaves alone what has one address or none', () => {
  const files = new Set(FILES);
  expect(
    ['/', '/logo.png', '/none', '/both', '/about'].map((path) => pageAddress(path, files, 'auto-trailing-slash')),
  ).toEqual(Array(5).fill(undefined));
});
