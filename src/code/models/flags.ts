/** Names of arguments that say whether a model trains; they are taken as they are in training. */
export const trainingFlag = /^(train|training|is_training|train_mode|is_train)$/;
export const evaluatingFlag = /^(deterministic|is_eval|eval|eval_mode|use_running_average|inference|testing|test)$/;
