/** Commands that take a model's reference; the palette's take the model in the active editor. */
export const modelCommands = {
  layers: 'gradientLens.showLayers',
  compare: 'gradientLens.compareModel',
  probe: 'gradientLens.probeModel',
  fillIn: 'gradientLens.fillIn',
  openCalculator: 'gradientLens.openModelInCalculator',
} as const;

/** Opens a rule's page; takes its id. */
export const SHOW_RULE_COMMAND = 'gradientLens.showRule';
/** Turns a rule off in the settings; takes its id. */
export const TURN_OFF_RULE_COMMAND = 'gradientLens.turnOffRule';
