/** `fan_in` as `fanIn`. */
export const camelCase = (snake: string): string =>
  snake.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** `HeNormal` and `heNormal` as `he_normal`. */
export const snakeCase = (camel: string): string => camel.replace(/(?!^)[A-Z]/g, '_$&').toLowerCase();

/** With a capital at its beginning. */
export const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
