import { readHeaders, readRedirects } from '../../../lib/edge/site/asset-rules';
import { headersFor } from '../../../lib/edge/workers/site/header-rules';

const HEADERS = `# security
/*
  X-Frame-Options: DENY
  Link: </a.css>; rel=preload
  Link: </b.css>; rel=preload

https://:project.example.com/docs/:page
  X-Page: :project :page
/assets/*
  ! X-Frame-Options
  X-Rest: :splat
`;

describe('_headers', () => {
  test('are read as the platform reads them', () => {
    const { rules, bad } = readHeaders(HEADERS.replace(/\n/g, '\r\n'));
    expect(bad).toEqual([]);
    expect(rules.map(({ path }) => path)).toEqual(['/*', 'https://:project.example.com/docs/:page', '/assets/*']);
    expect(rules[0]!.set).toEqual({ 'x-frame-options': 'DENY', link: '</a.css>; rel=preload, </b.css>; rel=preload' });
    expect(rules[2]).toMatchObject({ unset: ['x-frame-options'], set: { 'x-rest': ':splat' } });
  });

  test('are found for an address, with what * and names stand for', () => {
    const { rules } = readHeaders(HEADERS);
    const of = (url: string) => Object.fromEntries(headersFor(rules, url));
    expect(of('https://shop.example.com/docs/start')).toMatchObject({
      'x-page': 'shop start',
      'x-frame-options': 'DENY',
    });
    expect(of('https://shop.example.com/docs/start/more')).not.toHaveProperty('x-page');
    expect(of('http://127.0.0.1:1/assets/a/b.js')).toMatchObject({ 'x-rest': 'a/b.js' });
    expect(of('http://127.0.0.1:1/assets/a/b.js')).not.toHaveProperty('x-frame-options');
  });

  test.each([
    ['X-A: 1', 'must name a path before its headers'],
    ['/*', 'must have headers below the path'],
    ['/*\n  X A: 1', 'must be a header and its value'],
    ['/*\n  X-A:', 'must be a header and its value'],
    ['/*\n  nothing', 'must be a header and its value'],
    ['/*/*\n  X-A: 1', 'must be a path or an https URL without a port, with at most one *'],
    ['https://a.example.com:80/\n  X-A: 1', 'must be a path or an https URL without a port, with at most one *'],
    ['http://a.example.com/\n  X-A: 1', 'must be a path or an https URL without a port, with at most one *'],
    ['/:a/x/:a\n  X-A: 1', 'must have each name only once, and no :splat with a *'],
    ['/:splat/*\n  X-A: 1', 'must have each name only once, and no :splat with a *'],
    ['https://:a.example.com/:a\n  X-A: 1', 'must have each name only once, and no :splat with a *'],
    ['/a?b=1\n  X-A: 1', 'must have no query and no fragment'],
    ['/a b\n  X-A: 1', 'must have its path as in requests'],
    ['/*\n  ! X-A: 1', 'must remove a header by its name only'],
    ['/*\n  ! X-A X-B', 'must remove a header by its name only'],
    ['/*\n  X-A: 1\n/b\n  X-A: 2\n/*\n  X-B: 1', 'must be the only one for its path'],
    ['/*\n  Link:https://a.example.com', 'must be a path or an https URL without a port, with at most one *'],
    [`/*\n  X-A: ${'a'.repeat(1996)}`, 'must be at most 2000 characters'],
  ])('refuses %j, which the platform leaves out', (text, rule) => {
    expect(readHeaders(text).bad.map((each) => each.rule)).toContain(rule);
  });

  test('refuses the 101st rule, and takes a line of 2,000 characters', () => {
    const rules = (count: number) => Array.from({ length: count }, (_, i) => `/${i}\n  X-A: 1`).join('\n');
    expect(readHeaders(rules(100)).bad).toEqual([]);
    expect(readHeaders(rules(101)).bad).toEqual([
      { line: 201, rule: 'must be one of at most 100 rules', remedy: 'merge paths with a *' },
    ]);
    expect(readHeaders(`/*\nX-A: ${'a'.repeat(1995)}`).bad).toEqual([]);
  });
});

describe('_redirects', () => {
  test('are read', () => {
    const { rules, bad } = readRedirects(
      '# moved\n/old /new 301 # since May\n/port https://a.example.com:8080/x#y\n/stars /*/*\n/blog/* https://blog.example.com/:splat\n',
    );
    expect(bad).toEqual([]);
    expect(rules).toEqual([
      { from: '/old', to: '/new', status: 301, line: 2 },
      { from: '/port', to: 'https://a.example.com:8080/x#y', status: 302, line: 3 },
      { from: '/stars', to: '/*/*', status: 302, line: 4 },
      { from: '/blog/*', to: 'https://blog.example.com/:splat', status: 302, line: 5 },
    ]);
  });

  test.each([
    ['/old', 'must be a path, its target and optionally a status'],
    ['/old /new 301 x', 'must be a path, its target and optionally a status'],
    ['https://example.com/old /new', 'must start with a path, with at most one *'],
    ['/*/* /new', 'must start with a path, with at most one *'],
    ['/old http://example.com', 'must lead to a path or an https URL'],
    ['/old?page=1 /new', 'must have no query and no fragment'],
    ['/old#top /new', 'must have no query and no fragment'],
    ['/a/../old /new', 'must have its path as in requests'],
    ['/caf\u00e9 /new', 'must have its path as in requests'],
    ['/:a/:a /new', 'must have each name only once, and no :splat with a *'],
    ['/old /new 418', 'must have a status of 200, 301, 302, 303, 307, 308'],
    ['/old https://example.com 200', 'must lead to a path with status 200'],
    ['/old /a\n/old /b', 'must be the only one for its path'],
    ['/* /index.html 200', 'must not lead from a folder to its index'],
  ])('refuses %j', (text, rule) => {
    expect(readRedirects(text).bad.map((each) => each.rule)).toContain(rule);
  });

  test('refuses the 101st with a pattern, and counts what stands below the first of them', () => {
    const fixed = Array.from({ length: 100 }, (_, i) => `/${i} /new`).join('\n');
    expect(readRedirects(`${fixed}\n/a/* /new`).bad).toEqual([]);
    expect(readRedirects(`/a/* /new\n${fixed}`).bad).toEqual([
      {
        line: 101,
        rule: 'must be one of at most 100 redirects with * or :names, including all after the first such',
        remedy: 'put those without * and :names first',
      },
    ]);
  });
});
