/** Starts `tf2lint server` from the environment of the workspace and lets VS Code speak to it. */

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import * as vscode from "vscode";
import { LanguageClient, type LanguageClientOptions } from "vscode-languageclient/node";

const NAME = "tf2lint";
const run = promisify(execFile);

/** As much of the Python extension's interface as is used here. */
interface PythonExtension {
  readonly environments: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { readonly path: string };
    resolveEnvironment(
      path: { readonly path: string },
    ): Promise<{ readonly executable: { readonly uri?: vscode.Uri } } | undefined>;
    readonly onDidChangeActiveEnvironmentPath: vscode.Event<unknown>;
  };
}

let client: LanguageClient | undefined;
let log: vscode.LogOutputChannel;
/** What is to be done one after the other: starts and stops. */
let queue: Promise<void> = Promise.resolve();

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  log = vscode.window.createOutputChannel(NAME, { log: true });
  const python = await pythonExtension();
  context.subscriptions.push(
    log,
    vscode.commands.registerCommand(`${NAME}.restart`, restart),
    vscode.commands.registerCommand(`${NAME}.showLog`, () => log.show()),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`${NAME}.path`)) {
        void restart();
      }
    }),
  );
  if (python) {
    context.subscriptions.push(
      python.environments.onDidChangeActiveEnvironmentPath(() => void restart()),
    );
  }
  await restart();
}

export async function deactivate(): Promise<void> {
  await queue;
  await client?.stop();
}

function restart(): Promise<void> {
  queue = queue.then(async () => {
    await client?.stop().catch((error: unknown) => log.warn(String(error)));
    client = undefined;
    const command = await findCommand();
    if (!command) {
      await complain();
      return;
    }
    log.info(`starting ${command.join(" ")} server`);
    client = makeClient(command);
    await client.start().catch((error: unknown) => log.error(String(error)));
  });
  return queue;
}

function makeClient([program, ...first]: [string, ...string[]]): LanguageClient {
  const options: LanguageClientOptions = {
    // Cells of notebooks are kept in step by the server's own notebook selector.
    documentSelector: ["file", "untitled", "vscode-notebook", "vscode-notebook-cell"].map(
      (scheme) => ({ scheme, language: "python" }),
    ),
    synchronize: { configurationSection: NAME },
    outputChannel: log,
  };
  const server = { command: program, args: [...first, "server"] };
  return new LanguageClient(NAME, NAME, server, options);
}

/** The command line that starts tf2lint: the first that does. */
async function findCommand(): Promise<[string, ...string[]] | undefined> {
  const [told, ...rest] = vscode.workspace.getConfiguration(NAME).get<string[] | null>("path") ?? [];
  const interpreter = await interpreterOf(vscode.workspace.workspaceFolders?.[0]?.uri);
  const candidates: [string, ...string[]][] = told
    ? [[told, ...rest]]
    : [...(interpreter ? [[interpreter, "-m", NAME] as [string, ...string[]]] : []), [NAME]];
  for (const [program, ...first] of candidates) {
    try {
      const { stdout } = await run(program, [...first, "--version"]);
      log.info(`${program}: ${stdout.trim()}`);
      return [program, ...first];
    } catch (error) {
      log.info(`not ${program}: ${error instanceof Error ? error.message.trim() : String(error)}`);
    }
  }
  return undefined;
}

async function interpreterOf(folder: vscode.Uri | undefined): Promise<string | undefined> {
  const environments = (await pythonExtension())?.environments;
  const found = await environments?.resolveEnvironment(environments.getActiveEnvironmentPath(folder));
  return found?.executable.uri?.fsPath;
}

async function pythonExtension(): Promise<PythonExtension | undefined> {
  return vscode.extensions.getExtension<PythonExtension>("ms-python.python")?.activate();
}

async function complain(): Promise<void> {
  const answer = await vscode.window.showWarningMessage(
    "tf2lint is not in this environment: pip install 'tf2lint[server]', or set tf2lint.path.",
    "Show the log",
  );
  if (answer) {
    log.show();
  }
}
