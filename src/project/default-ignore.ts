/** Files that are no part of the program unless the user says otherwise: tests, stories and their tools. */
export const DEFAULT_IGNORE: readonly string[] = Object.freeze([
  '**/*.{test,spec,e2e,e2e-spec,e2e-test,int-spec,bench,benchmark,stories,story,cy,pw}.*',
  '**/{test,tests,__test__,__tests__,__mocks__,__fixtures__,__snapshots__,spec,specs,e2e,e2e-tests,cypress,playwright,.storybook}/**',
  '**/{jest,vitest,cypress,playwright,karma,wdio}.{config,setup,global-setup}.*',
]);
