/** `fan_in` as `fanIn`. */
export const camelCase = (snake: string): string =>
  snake.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** `HeNormal` and `heNormal` as `he_normal`. */
export const snakeCase = (camel: string): string => camel.replace(/(?!^)[A-Z]/g, '_$&').toLowerCase();
