// Loaded through Node's own `require`, so that `import()` here is Node's too: Vitest's module graph rewrites positions.
module.exports = (url) => import(url);
