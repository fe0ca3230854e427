import type { Fact } from './fact';

/**
 * The day on which each managed runtime reached, or will reach, the end of its support: no more security patches, later
 * no more new functions and no more updates. Dates of Node.js, .NET, Python 3.9, 3.12 and later, Java 25 and Ruby were
 * checked in a second source; the others are from memory.
 */
export const runtimeEnd: Fact<Readonly<Record<string, string>>> = {
  value: {
    'nodejs24.x': '2028-04-30',
    'nodejs22.x': '2027-04-30',
    'nodejs20.x': '2026-04-30',
    'nodejs18.x': '2025-09-01',
    'nodejs16.x': '2024-06-12',
    'nodejs14.x': '2023-12-04',
    'nodejs12.x': '2023-03-31',
    'nodejs10.x': '2021-07-30',
    'nodejs8.10': '2020-03-06',
    'nodejs6.10': '2019-08-12',
    'nodejs4.3': '2020-03-05',
    nodejs: '2016-10-31',
    'python3.14': '2029-06-30',
    'python3.13': '2029-06-30',
    'python3.12': '2028-10-31',
    'python3.11': '2027-06-30',
    'python3.10': '2026-10-31',
    'python3.9': '2025-12-15',
    'python3.8': '2024-10-14',
    'python3.7': '2023-12-04',
    'python3.6': '2022-07-18',
    'python2.7': '2021-07-15',
    java25: '2029-06-30',
    java21: '2029-06-30',
    java17: '2027-06-30',
    java11: '2027-06-30',
    'java8.al2': '2027-06-30',
    java8: '2024-01-08',
    dotnet10: '2028-11-14',
    dotnet8: '2026-11-10',
    dotnet6: '2024-12-20',
    'dotnetcore3.1': '2023-04-03',
    'dotnetcore2.1': '2022-01-05',
    'ruby3.4': '2028-03-31',
    'ruby3.3': '2027-03-31',
    'ruby3.2': '2026-03-31',
    'ruby2.7': '2023-12-07',
    'ruby2.5': '2021-07-30',
    'provided.al2023': '2029-06-30',
    'provided.al2': '2026-07-31',
    provided: '2024-01-08',
    'go1.x': '2024-01-08',
  },
  unit: 'end of support',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html',
  read: '2026-11-21',
};

/**
 * Runtimes for which Lambda no longer creates functions. The dates for other runtimes after the end of their support have been
 * postponed repeatedly, most recently into 2027.
 */
export const runtimeBlocked: Fact<readonly string[]> = {
  value: [
    ...['nodejs', 'nodejs4.3', 'nodejs4.3-edge', 'nodejs6.10', 'nodejs8.10', 'nodejs10.x', 'nodejs12.x', 'nodejs14.x'],
    ...['python2.7', 'python3.6', 'python3.7', 'ruby2.5', 'ruby2.7', 'java8', 'go1.x', 'provided'],
    ...['dotnetcore1.0', 'dotnetcore2.0', 'dotnetcore2.1', 'dotnetcore3.1'],
  ],
  unit: 'no more new functions',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html',
  read: '2026-11-30',
};
