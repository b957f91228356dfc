import { describe, expect, it } from 'vitest';
import { createSandbox, eslintVersions, readmeBlocks } from './sandbox.ts';
import { javascriptProgram, typescriptProgram } from './programs.ts';

const [javascriptConfig = '', typescriptConfig = ''] = readmeBlocks('eslint.config.js');

function configWith(text: string): string {
  return `import secureRoutes from 'eslint-plugin-secure-routes';\nexport default [\n${text}\n];\n`;
}

describe.each(Object.entries(eslintVersions))('%s', (_version, eslint) => {
  it('reports with the JavaScript set-up of the README', () => {
    using sandbox = createSandbox({ ...javascriptProgram, 'eslint.config.js': javascriptConfig }, eslint);
    expect(sandbox.lint()).toEqual({
      'src/server.js': [
        '5:13 secure-routes/require-rate-limit warning',
        '6:5 secure-routes/require-auth error',
      ],
    });
  });

  it('reports with the TypeScript set-up of the README', () => {
    using sandbox = createSandbox({ ...typescriptProgram, 'eslint.config.js': typescriptConfig }, eslint);
    const { 'src/server.ts': server, ...others } = sandbox.lint();
    expect(server).toEqual([
      '5:26 secure-routes/require-rate-limit warning',
      '6:5 secure-routes/require-auth error',
    ]);
    expect(others).toEqual({});
  });

  it('reports each endpoint with the strict configuration', () => {
    using sandbox = createSandbox(
      { ...javascriptProgram, 'eslint.config.js': configWith('secureRoutes.configs.strict') },
      eslint,
    );
    expect(sandbox.lint()).toEqual({
      'src/server.js': [
        '6:5 secure-routes/require-auth error',
        '6:5 secure-routes/require-rate-limit error',
      ],
      'src/orders.js': [
        '4:8 secure-routes/require-rate-limit error',
        '5:8 secure-routes/require-rate-limit error',
      ],
    });
  });

  it('gives the same reports for one file, and from a subfolder', () => {
    using sandbox = createSandbox(
      { ...javascriptProgram, 'eslint.config.js': configWith('secureRoutes.configs.strict') },
      eslint,
    );
    const all = sandbox.lint();
    expect(sandbox.lint(['src/orders.js'])).toEqual({ 'src/orders.js': all['src/orders.js'] });
    expect(sandbox.lint(['.'], { cwd: `${sandbox.folder}/src` })).toEqual(all);
  });

  it('judges text from standard input alone where its file is not on disk, and with its program where it is', () => {
    using sandbox = createSandbox(
      { ...javascriptProgram, 'eslint.config.js': configWith('secureRoutes.configs.recommended') },
      eslint,
    );
    const alone = "import express from 'express';\nconst app = express();\napp.get('/', (req, res) => res.send('x'));\n";
    const stdin = (file: string, input: string) => sandbox.lint(['--stdin', '--stdin-filename', file], { input });
    expect(stdin('src/new.js', alone)['src/new.js']).toContain('3:5 secure-routes/require-auth error');
    // The buffer of an editor counts, not what is saved.
    const server = javascriptProgram['src/server.js'];
    expect(stdin('src/server.js', server.replace("get('/prices',", "get('/prices', requireUser,"))).toEqual({
      'src/server.js': ['5:13 secure-routes/require-rate-limit warning'],
    });
    expect(stdin('src/server.js', server.replace(" requireUser, orders", ' orders'))['src/server.js']).toHaveLength(2);
  });

  it('obeys the settings', () => {
    using sandbox = createSandbox(
      {
        ...javascriptProgram,
        'eslint.config.js': configWith(
          "secureRoutes.configs.recommended, { settings: { 'secure-routes': { publicPaths: ['GET /prices'] } } }",
        ),
      },
      eslint,
    );
    expect(sandbox.lint()).toEqual({ 'src/server.js': ['5:13 secure-routes/require-rate-limit warning'] });
  });

  it('stops at wrong settings, and names the key', () => {
    using sandbox = createSandbox(
      {
        ...javascriptProgram,
        'eslint.config.js': configWith(
          "secureRoutes.configs.recommended, { settings: { 'secure-routes': { publicPath: ['GET /prices'] } } }",
        ),
      },
      eslint,
    );
    const { code, stderr } = sandbox.eslint(['.']);
    expect(code).toBe(2);
    expect(stderr).toContain("settings['secure-routes'].publicPath is no known key");
  });

  it('does nothing in a language that is not JavaScript', () => {
    const language = `{
      fileType: 'text',
      lineStart: 1,
      columnStart: 1,
      nodeTypeKey: 'kind',
      visitorKeys: {},
      validateLanguageOptions() {},
      parse: (file) => ({ ok: true, ast: { kind: 'Text', range: [0, file.body.length] } }),
      createSourceCode: (file, { ast }) => ({ ast, text: file.body, lines: [], traverse: () => [], getLoc: () => ({}), getRange: () => [0, 0] }),
    }`;
    using sandbox = createSandbox(
      {
        ...javascriptProgram,
        'notes.plain': "app.get('/orders', open)",
        'eslint.config.js': configWith(
          `secureRoutes.configs.strict, { files: ['**/*.plain'], plugins: { plain: { languages: { text: ${language} } } }, language: 'plain/text' }`,
        ),
      },
      eslint,
    );
    const { code, stdout, stderr } = sandbox.eslint(['notes.plain']);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});
