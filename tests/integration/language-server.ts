import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

export interface Diagnostic {
  readonly code: string;
  readonly range: { readonly start: { readonly line: number; readonly character: number } };
}

/** VS Code's ESLint server in a process of its own, spoken to as the editor does. */
export interface LanguageServer extends AsyncDisposable {
  /** Opens a file with a text, or changes the text of an open one, and gives what is reported on it, as `line:column rule`. */
  show(file: string, text: string): Promise<readonly string[]>;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
}

/** What VS Code answers when the server asks for its settings. */
function settingsFor(folder: string) {
  return {
    validate: 'on',
    run: 'onType',
    packageManager: 'npm',
    useESLintClass: true,
    experimental: {},
    quiet: false,
    onIgnoredFiles: 'off',
    options: {},
    rulesCustomizations: [],
    format: false,
    nodePath: null,
    problems: { shortenToSingleLine: false },
    codeAction: { disableRuleComment: { enable: false }, showDocumentation: { enable: false } },
    codeActionOnSave: { enable: false, mode: 'all' },
    workingDirectory: { directory: folder },
    workspaceFolder: { uri: pathToFileURL(folder).href, name: 'shop' },
  };
}

export async function startLanguageServer(folder: string): Promise<LanguageServer> {
  const bin = createRequire(import.meta.url).resolve('vscode-langservers-extracted/bin/vscode-eslint-language-server');
  const server = spawn(process.execPath, [bin, '--stdio'], { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = new Map<number, (message: Message) => void>();
  const versions = new Map<string, number>();
  let received = Buffer.alloc(0);
  let requests = 0;

  const send = (message: object) => {
    const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
    server.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
    server.stdin.write(body);
  };
  const request = (method: string, params: unknown) =>
    new Promise<Message>((settle) => {
      requests += 1;
      answers.set(requests, settle);
      send({ id: requests, method, params });
    });
  const answer = (message: Message) => {
    const { id, method, params } = message;
    if (id === undefined) return;
    if (method === undefined) answers.get(id)?.(message);
    else if (method === 'workspace/configuration') send({ id, result: (params as { items: readonly unknown[] }).items.map(() => settingsFor(folder)) });
    else send({ id, result: null });
  };
  server.stdout.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    for (;;) {
      const header = /^Content-Length: (\d+)\r\n(?:[^\r]+\r\n)*\r\n/.exec(received.toString('latin1'));
      if (header === null || received.length < header[0].length + Number(header[1])) return;
      const end = header[0].length + Number(header[1]);
      const message = JSON.parse(received.subarray(header[0].length, end).toString()) as Message;
      received = received.subarray(end);
      answer(message);
    }
  });

  await request('initialize', {
    processId: process.pid,
    rootUri: pathToFileURL(folder).href,
    workspaceFolders: [{ uri: pathToFileURL(folder).href, name: 'shop' }],
    capabilities: { workspace: { configuration: true, workspaceFolders: true }, textDocument: { diagnostic: {} } },
  });
  send({ method: 'initialized', params: {} });

  return {
    async show(file, text) {
      const uri = pathToFileURL(`${folder}/${file}`).href;
      const version = (versions.get(uri) ?? 0) + 1;
      versions.set(uri, version);
      if (version === 1) send({ method: 'textDocument/didOpen', params: { textDocument: { uri, languageId: 'javascript', version, text } } });
      else send({ method: 'textDocument/didChange', params: { textDocument: { uri, version }, contentChanges: [{ text }] } });
      const { result } = await request('textDocument/diagnostic', { textDocument: { uri } });
      const { items } = result as { readonly items: readonly Diagnostic[] };
      return items.map(({ code, range: { start } }) => `${start.line + 1}:${start.character + 1} ${code}`).sort();
    },
    async [Symbol.asyncDispose]() {
      const closed = new Promise((settle) => server.on('exit', settle));
      await request('shutdown', null);
      send({ method: 'exit' });
      await closed;
    },
  };
}
