/**
 * The extension in a real VS Code: code-server, looked at with Chromium.
 *
 *   PYTHON=... CODE_SERVER="node .../code-server/out/node/entry.js" npm test [FOLDER]
 *
 * Needs a Python with tf2lint[server], and tf2lint.vsix (`npm run package`). Screenshots go to
 * FOLDER. Other variables: CHROMIUM, PORT, PATIENCE in milliseconds, KEEP for what it makes.
 */

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";

const [program, ...first] = (process.env.CODE_SERVER ?? "code-server").split(" ");
const browser = process.env.CHROMIUM ?? "/usr/bin/chromium";
const port = Number(process.env.PORT ?? 8437);
const shots = process.argv[2];
const patience = { timeout: Number(process.env.PATIENCE ?? 120_000) };

const top = mkdtempSync(join(tmpdir(), "tf2lint-vscode-"));
const project = join(top, "project");
const file = join(project, "train.py");
const before = [
  "import tensorflow as tf", "", "s = 'é😀'; x = tf.log(1.0)", "with tf.Session() as session:",
  "    print(session.run(x))", "y = tf.to_float(x)", "",
];
const folders = ["--user-data-dir", join(top, "data"), "--extensions-dir", join(top, "extensions")];
mkdirSync(join(top, "data", "User"), { recursive: true });
mkdirSync(project);
writeFileSync(file, before.join("\n"));
writeFileSync(
  join(top, "data", "User", "settings.json"),
  JSON.stringify({
    "security.workspace.trust.enabled": false,
    "workbench.startupEditor": "none",
    "files.autoSave": "off",
    "tf2lint.path": [process.env.PYTHON ?? "python3", "-m", "tf2lint"],
    "editor.codeActionsOnSave": { "source.fixAll.tf2lint": "explicit" },
  }),
);

const install = [...first, ...folders, "--install-extension", resolve("tf2lint.vsix")];
console.log(execFileSync(program, install, { encoding: "utf8" }).trim());
const server = spawn(
  program,
  [...first, ...folders, "--auth", "none", "--bind-addr", `127.0.0.1:${port}`,
    "--disable-telemetry", "--disable-update-check"],
  { stdio: ["ignore", "pipe", "inherit"] },
);
const started = new Promise((done, failed) => {
  server.stdout.on("data", (data) => String(data).includes("listening on http") && done());
  server.on("exit", (status) => failed(new Error(`code-server ended: ${status}`)));
});

const chrome = await chromium.launch({ executablePath: browser, args: ["--no-sandbox"] });
try {
  await started;
  const page = await chrome.newPage({ viewport: { width: 1280, height: 800 } });
  const payload = JSON.stringify([["openFile", `vscode-remote://127.0.0.1:${port}${file}`]]);
  const query = new URLSearchParams({ folder: project, payload });
  await page.goto(`http://127.0.0.1:${port}/?${query}`, patience);
  const shot = async (name) => shots && page.screenshot({ path: join(shots, `${name}.png`) });
  const lines = page.locator(".view-lines");
  await lines.waitFor(patience);

  // Diagnostics: three errors, told in the list of problems with their codes.
  await page.locator(".squiggly-error").nth(2).waitFor(patience);
  await page.keyboard.press("Control+Shift+KeyM");
  const problems = page.locator(".markers-panel .monaco-list-row");
  await problems.filter({ hasText: "`tf.log` was renamed in TF 2"}).waitFor(patience);
  for (const code of ["TF901", "TF601"]) {
    await problems.filter({ hasText: code }).first().waitFor(patience);
  }
  await shot("problems");

  // Hover: the finding, the symbol by release, the page.
  const word = lines.getByText("Session", { exact: false }).first();
  await word.hover();
  const hover = page.locator(".monaco-hover").filter({ hasText: "tf.Session: class" });
  await hover.waitFor(patience);
  await shot("hover");

  // A quick fix from the menu.
  const go = async (line) => {
    await page.keyboard.press("Control+KeyG");
    await page.keyboard.type(String(line));
    await page.keyboard.press("Enter");
  };
  await lines.click();
  await go(6);
  await page.keyboard.press("Control+Period");
  const menu = page.locator(".action-widget");
  await menu.getByText("Silence TF901 here").waitFor(patience);
  await shot("fixes");
  await menu.getByText("TF901: Use tf.cast(x, tf.float32)").waitFor(patience);
  await page.keyboard.press("Enter"); // it is the first
  await lines.getByText("tf.cast(x, tf.float32)").waitFor(patience);

  // Fix on saving: the session goes, too, for it is in sight as a whole.
  await page.keyboard.press("Control+KeyS");
  await lines.getByText("tf.math.log(1.0)").waitFor(patience);
  await page.locator(".tab.dirty").waitFor({ ...patience, state: "detached" });
  await shot("saved");
  assert.deepEqual(readFileSync(file, "utf8").split("\n"), [
    "import tensorflow as tf", "", "s = 'é😀'; x = tf.math.log(1.0)", "print(x.numpy())",
    "y = tf.cast(x, tf.float32)", "",
  ]);
  console.log("all of it passed");
} catch (error) {
  const pages = chrome.contexts().flatMap((context) => context.pages());
  if (shots) {
    await pages[0]?.screenshot({ path: join(shots, "failed.png") });
  }
  throw error;
} finally {
  server.removeAllListeners("exit");
  server.kill();
  await chrome.close();
  if (!process.env.KEEP) {
    rmSync(top, { recursive: true, force: true, maxRetries: 10 });
  }
}
