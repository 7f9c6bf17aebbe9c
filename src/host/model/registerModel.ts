import * as v from 'valibot';
import * as vscode from 'vscode';
import { parseFlowConfig } from '../../core/calculation/config';
import { messageOf } from '../../core/format/errors';
import { modelOut, parseModelText, UNNAMED } from '../../core/model/json/json';
import { codeCommands, commands, isModelOfCode, type ModelOfCode } from '../../protocol/commands';
import {
  type ModelJson,
  type ModelState,
  modelHostContract,
  modelPageContract,
  modelStateSchema,
} from '../../protocol/pages/model';
import { registerCommand, runCommand } from '../commands';
import type { PageServices } from '../panels/page';
import { registerPanel } from '../panels/panel';
import { workerAssets } from '../panels/workerAssets';

/** Bytes of a file; a model of 20,000 layers has some 4 MB. */
const LARGEST = 20e6;

const nameOf = (uri: vscode.Uri): string => uri.path.slice(uri.path.lastIndexOf('/') + 1);

/** A model from its file. @throws Error with a sentence */
async function modelAt(uri: vscode.Uri): Promise<ModelJson> {
  const { fs } = vscode.workspace;
  const name = nameOf(uri);
  const { size, type } = await fs.stat(uri);
  if (type & vscode.FileType.Directory) throw new Error(`${name} is a folder; expected a model as JSON.`);
  if (size > LARGEST)
    throw new Error(
      `${name} has ${Math.round(size / 1e6)} MB; expected a model as JSON, of at most ${LARGEST / 1e6} MB.`,
    );
  if (!/\.json$/i.test(name))
    throw new Error(
      `${name} is no JSON file; expected a model such as {"version": 1, "layers": […]} in a file that ends in .json.`,
    );
  return modelIn(new TextDecoder().decode(await fs.readFile(uri)), name);
}

/** A model from a text; one without a name is called as its file is. @throws Error with a sentence */
function modelIn(text: string, file: string): ModelJson {
  const reading = parseModelText(text);
  if ('problem' in reading) throw new Error(`${file}: ${reading.problem}`);
  const { model } = reading;
  return modelOut(model.name === UNNAMED ? { ...model, name: file.replace(/(\.model)?\.json$/i, '') } : model);
}

/** Whether a JSON text is meant for a model: it has a list of layers, or its file's name says so. */
function isMeantForModel(text: string, file: string): boolean {
  if (/\.model\.json$/i.test(file)) return true;
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null && 'layers' in json && Array.isArray(json.layers);
  } catch {
    return false;
  }
}

/** The model that the person looks at: in the active editor, or beside a page that has the focus. */
function modelInSight(): ModelJson | undefined {
  const { activeTextEditor, visibleTextEditors } = vscode.window;
  const editors = activeTextEditor === undefined ? visibleTextEditors : [activeTextEditor];
  for (const { document } of editors) {
    if (!/^jsonc?$/.test(document.languageId)) continue;
    const [text, file] = [document.getText(), nameOf(document.uri)];
    if (isMeantForModel(text, file)) return modelIn(text, file);
  }
  return undefined;
}

async function chooseModel(): Promise<ModelJson | undefined> {
  const [uri] =
    (await vscode.window.showOpenDialog({
      openLabel: 'Open',
      title: 'A model as JSON',
      filters: { 'Models as JSON': ['json'] },
    })) ?? [];
  return uri && modelAt(uri);
}

/** The gradient flow of a whole model beside the editor: its command, and panels that VS Code kept through a reload. */
export function registerModel(services: PageServices): vscode.Disposable {
  /** What a page that comes up shows. */
  let state: ModelState | undefined;
  const panel = registerPanel(services, {
    viewType: 'gradientLens.model',
    kind: {
      page: 'model',
      title: 'Gradient flow of a model',
      serves: modelHostContract,
      calls: modelPageContract,
    },
    restore(kept) {
      const saved = v.safeParse(modelStateSchema, kept);
      state = saved.success ? saved.output : undefined;
    },
    serve: (webview) => ({
      own: {
        ready() {
          if (state === undefined)
            throw new Error('The model that was shown here could not be kept. Open its file again.');
          return { state, ...workerAssets(webview, services.extensionUri) };
        },
        openModel: async () => {
          const model = await chooseModel();
          if (model !== undefined) show({ model });
        },
        revealLayer: (place) => runCommand(codeCommands.revealLayer, place),
        async openCalculator(given) {
          const result = parseFlowConfig(given);
          if ('problems' in result) throw new Error(result.problems.map(({ message }) => message).join(' '));
          await runCommand(commands.openCalculator, result.config);
        },
      },
    }),
  });
  const show = (opening: ModelState) => {
    if (panel.page === undefined) state = opening;
    const { page, wasOpen } = panel.show();
    if (!wasOpen) return;
    // A page that is not up yet asks for it.
    state = opening;
    page.remote.show(opening).catch((error: unknown) => {
      services.log.warn(`Model: ${messageOf(error)}`);
    });
  };
  const open = async (given: string | ModelJson | ModelOfCode | undefined) => {
    if (isModelOfCode(given)) return show(given);
    const model =
      given === undefined
        ? (modelInSight() ?? (await chooseModel()))
        : typeof given === 'string'
          ? await modelAt(vscode.Uri.parse(given))
          : given;
    if (model !== undefined) show({ model });
  };
  return vscode.Disposable.from(panel, registerCommand(commands.openModel, open));
}
