import { bindingsOf } from './bindings';
import type { NotebookContext, ParsedDocument } from './document';

/** What the reader of a text decides where the text does not say it. */
export interface ReadingOptions {
  /** Which Keras `tensorflow.keras` is: 2 up to TensorFlow 2.15, 3 from 2.16 on. */
  readonly tensorflowKeras: 2 | 3;
  /** Which Keras `keras` on its own is; 3 where left out. Keras 1 counts as 2: their activations are the same. */
  readonly standaloneKeras?: 2 | 3;
}

/** Modules and names that no Keras 3 has: a file that imports them is older. */
const OLD_PATH = new RegExp(
  `^keras\\.(${[
    'layers\\.(core|convolutional|convolutional_recurrent|recurrent|recurrent_convolutional|cudnn_recurrent|advanced_activations|activation|normalization|embeddings|pooling|merge|merging|wrappers|noise|local|locally_connected|containers|core_rnn)',
    'layers\\.(Merge|Highway|MaxoutDense|TimeDistributedDense|ParametricSoftplus|SReLU|ThresholdedReLU|CuDNNLSTM|CuDNNGRU|LocallyConnected[12]D|AtrousConvolution[12]D|Deconvolution2D|AlphaDropout2D)',
    'engine|objectives|legacy|wrappers|estimator|initializations|regularizers\\.(WeightRegularizer|ActivityRegularizer)|models\\.Graph',
    'utils\\.(np_utils|generic_utils|vis_utils|layer_utils|data_utils|io_utils|conv_utils|multi_gpu_utils|training_utils|visualize_util|test_utils|multi_gpu_model)',
    'preprocessing\\.(text|image\\.ImageDataGenerator|sequence\\.(skipgrams|make_sampling_table|TimeseriesGenerator))',
    'backend\\.(tensorflow_backend|theano_backend|cntk_backend|common|load_backend)',
  ].join('|')})(\\.|$)`,
);

/** Arguments and methods that only Keras 1 and 2 have. */
const OLD_WORDS =
  /[(,]\s*(inner_activation|inner_init|nb_epoch|nb_filter|nb_row|nb_col|border_mode|samples_per_epoch|nb_val_samples|nb_worker|W_regularizer|b_regularizer|W_constraint|dim_ordering|forget_bias_init)\s*=(?!=)|\.(fit_generator|evaluate_generator|predict_generator|predict_classes)\(|\b(SGD|RMSprop|Adam|Adamax|Adagrad|Adadelta|Nadam)\([^()]*\blr\s*=|set_image_dim_ordering|\bset_session\(/;

/** What Keras 3 has left of `keras.backend`. */
const BACKEND_OF_3 =
  /\bK\.(?!(?:backend|clear_session|epsilon|floatx|get_uid|image_data_format|is_float_dtype|is_int_dtype|is_keras_tensor|reset_uids|result_type|set_epsilon|set_floatx|set_image_data_format|standardize_dtype)\b)[a-z]/;

/** TensorFlow 1, whose Keras is 2. */
const TENSORFLOW_1 =
  /\btf\.(contrib|Session|InteractiveSession|placeholder|ConfigProto|get_default_graph|reset_default_graph|global_variables_initializer|GPUOptions)\b/;

/** What people write to have Keras 2 from a TensorFlow that has Keras 3. */
const LEGACY = /TF_USE_LEGACY_KERAS['"]?\]?\s*[=,:]\s*\(?['"]?(1|True|true)\b|setdefault\(\s*['"]TF_USE_LEGACY_KERAS/;

/** Parts of Keras that came with Keras 3. */
const NEW_PATH =
  /^(tensorflow\.)?keras\.(ops|random|saving\.KerasFileEditor|distribution|dtype_policies|quantizers)(\.|$)/;

/** A backend that only Keras 3 has. */
const NEW_BACKEND = /KERAS_BACKEND['"]\]\s*=\s*['"](jax|torch|numpy|openvino)/;

type Versions = Partial<ReadingOptions>;

/** A pattern tells nothing in a text of another language or library. */
function signsIn(document: ParsedDocument): Versions {
  if (document.language !== 'python' || !document.text.includes('eras')) return {};
  const { text } = document;
  const imported = [...bindingsOf(document).imported];
  if (imported.some((path) => NEW_PATH.test(path)) || NEW_BACKEND.test(text)) {
    return {
      standaloneKeras: 3,
      ...(imported.some((path) => NEW_PATH.test(path) && path.startsWith('t')) ? { tensorflowKeras: 3 } : {}),
    };
  }
  const isTensorflow1 = TENSORFLOW_1.test(text);
  const usesBackend = imported.includes('keras.backend') && BACKEND_OF_3.test(text);
  const isOld = usesBackend || isTensorflow1 || imported.some((path) => OLD_PATH.test(path)) || OLD_WORDS.test(text);
  return {
    ...(isOld ? { standaloneKeras: 2 } : {}),
    ...(isTensorflow1 || LEGACY.test(text) ? { tensorflowKeras: 2 } : {}),
  };
}

const known = new WeakMap<ParsedDocument, Versions>();

function signsOf(document: ParsedDocument): Versions {
  const former = known.get(document);
  if (former !== undefined) return former;
  const signs = signsIn(document);
  known.set(document, signs);
  return signs;
}

/** The options as far as a text and the other cells of its notebook do not say otherwise. */
export function versionsIn(
  document: ParsedDocument,
  context: NotebookContext,
  options: ReadingOptions,
): ReadingOptions {
  const cells = [...context.before, document, ...context.after];
  return Object.assign({}, options, ...cells.map(signsOf)) as ReadingOptions;
}

/** True for a path that only Keras 1 and 2 have. */
export const isOldKeras = (path: string): boolean => OLD_PATH.test(path);
